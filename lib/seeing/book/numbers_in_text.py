"""The numbers in a page's sentences, captions and picture texts, tied to the values they stand for.

A sentence that quotes a number cannot be run, and so goes stale in silence when the number changes. A cell near the
page's end names each such phrase with the value behind it: `quoted` compares, `cited` says whose number it is where
the page did not compute it. A test of the book finds every number in the text that neither of them names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from types import EllipsisType
from typing import Any

Value = float | EllipsisType
"""What a number of the text stands for; `...` for one that is no result."""

# A sign counts only where it cannot be a hyphen: at the start, or after a space or an opening bracket.
NUMBER = re.compile(
    r"(?<![\w.,])(?<![A-Za-z]-)(?P<sign>(?<![^\s(\[])[+\-−])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<exponent>e[+-]?\d+)?(?P<percent>\s?%| per ?cent\b)?(?![\w]|,\d|\.\d)"
)


def quoted(numbers: Mapping[str, Value | Sequence[Value]], *, within: float = 0.0) -> None:
    """Check that phrases of the text quote the values they stand for.

    Args:
        numbers: phrase, as it stands in the text -> its value, or as many values as the phrase has numbers, in their
            order; `...` for a number that is no result, such as the 95 of a 95% interval. ".83", "7,214", "+.145"
            and "2e-5" are read as they look; the value of "34%" or "34 per cent" is .34.
        within: how far a value may lie from what is written, besides rounding: for what a page trains while it is
            built, whose last digits differ from one machine to the next. In the value's own unit.

    Raises:
        AssertionError: naming all phrases that round otherwise than they are written.
        ValueError: if a phrase has no number, or not as many as there are values.
    """
    wrong = []
    for phrase, given in numbers.items():
        values = _listed(given)
        written = written_numbers(phrase)
        if not written or len(written) != len(values):
            raise ValueError(f"{phrase!r} has {len(written)} numbers, and {len(values)} values were given for it")
        for (text, number, unit), value in zip(written, values, strict=True):
            if not stands_for(number, unit, value, within):
                wrong.append(f"the text says {text} in {phrase!r}, and the page's value is {value:.6g}")
    assert not wrong, "; ".join(wrong)


def cited(source: str, *phrases: str) -> None:
    """Say that numbers of the text come from elsewhere: a publication, or a setting of the command behind a record.

    Args:
        source: where they stand, as a reader finds it: "Cordts et al., section 2.2".
        phrases: as they stand in the text.

    Raises:
        ValueError: if the source is empty, or a phrase has no number.
    """
    if not source.strip():
        raise ValueError("a cited number needs its source: a publication with its section, or a command")
    for phrase in phrases:
        if not written_numbers(phrase):
            raise ValueError(f"there is no number in {phrase!r}")


def written_numbers(text: str) -> list[tuple[str, float, float]]:
    """The numbers of a text in their order: as written, as a float, and the worth of one in the last digit written.

    Percentages are fractions: "34%" gives ("34%", .34, .01). A digit inside a word ("FCN-8s", "64x64") is none.
    """
    found = []
    for match in NUMBER.finditer(text):
        digits = match["digits"].replace(",", "")
        decimals = len(digits.partition(".")[2])
        scale = 10.0 ** int((match["exponent"] or "e0")[1:]) / (100 if match["percent"] else 1)
        sign = -1 if match["sign"] in ("-", "−") else 1
        found.append((match[0].strip(), sign * float(digits) * scale, 10.0**-decimals * scale))
    return found


def stands_for(number: float, unit: float, value: Value, within: float = 0.0) -> bool:
    """Whether a written number is `value` rounded to its last digit (either way at a tie), or at most `within` off."""
    if value is ...:
        return True
    distance = abs(number - float(value))
    return not math.isnan(distance) and distance <= max(unit / 2, within) * (1 + 1e-9) + 1e-12


def _listed(values: Any) -> list[Value]:
    """One value or several, of a list or an array, as a list."""
    return list(values) if isinstance(values, Sequence) or getattr(values, "ndim", False) else [values]
