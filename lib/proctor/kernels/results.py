"""The value of a cell's last line, described for whoever decides in another process what it gives."""

import math
from typing import Any

LONGEST = 60  # characters shown of a value

Value = dict[
    str, Any
]  # `text` as shown, `type` as named, `number`: a float where it is a plain one, else None, `advice`


def value_of(result: Any) -> Value:
    """Describe a value; a number is plain if it is an int or a float, and nothing derived from them.

    Args:
        result: any object; nothing is asked of it but its text.
    """
    kind = type(result)
    if kind in (int, float):
        return {"text": shown(result), "type": kind.__name__, "number": as_float(result), "advice": ""}
    place = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    name = f"{place}{kind.__qualname__}"[:LONGEST]
    return {"text": shown(result), "type": name, "number": None, "advice": advice(kind)}


def as_float(number: int | float) -> float:
    """A number as a float; infinite where it is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def shown(result: Any) -> str:
    """A value as text, in one short line; its type's name where it has no text."""
    try:
        return shortened(repr(result))
    except Exception:
        # whoever wrote its class may have raised anything; a whole number of 5,000 digits has no text either
        return f"<{type(result).__name__}>"


def shortened(text: str) -> str:
    """A text in one line of at most LONGEST characters."""
    words = " ".join(text[: 40 * LONGEST].split())
    return words if len(words) <= LONGEST else words[: LONGEST - 3] + "..."


def advice(kind: type) -> str:
    """What a test's author may write in place of a value of some type."""
    if kind is bool:
        return "write `assert ...`, or the points that it is worth"
    if issubclass(kind, str | bytes):
        return "write the number without quotes, or end in an assert"
    if hasattr(kind, "__float__"):
        return "write `float(...)` around it"
    return "end in an assert, or in `float(...)` of the points"
