"""Partial credit: what the value of a test's last line gives, and what is wrong with one that gives nothing.

nbgrader reads the *printed* value, and takes what it cannot read for all the points: `np.float64(0.0)` as numpy 2
prints it, `False`, `'3'`, `tensor(3)`. Here a value counts if it is a plain int or float from 0 to the cell's points.
No value (or None, or one that a semicolon suppresses) means that the test passed. Anything else is an error of the
test, not of the student: nobody guesses what was meant, the cell waits for a person. True and False are no numbers of
points, and a scalar of numpy or torch has to be made one with `float(...)`.
"""

import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from proctor.cells import encodable
from proctor.inspection import is_test
from proctor.kernels.results import Value, advice, shortened
from proctor.running.outputs import error

BROKEN = "BrokenTest"
PLAIN = re.compile(r"-?([0-9]+(\.[0-9]*)?(e[+-]?[0-9]+)?|inf|nan)")  # how Python prints an int or a float


def value_printed(data: Any) -> Value:
    """As `kernels.results.value_of`, where only what a kernel printed of the value is known.

    Args:
        data: of an output: MIME type -> content.
    """
    text = data.get("text/plain", "") if isinstance(data, dict) else ""
    text = shortened("".join(map(str, text)) if isinstance(text, list) else str(text))
    if PLAIN.fullmatch(text):
        return {"text": text, "type": "", "number": float(text), "advice": ""}
    kind = bool if text in ("True", "False") else str if text[:1] in ("'", '"') else object
    return {"text": text or "what has no text", "type": "", "number": None, "advice": advice(kind)}


def fault(values: list[Value], points: float, *, inside: bool = False) -> str | None:
    """Say what is wrong with what a test gave: what came, what was expected, what to do.

    Args:
        values: of the lines whose value was displayed: none, or one.
        points: of the cell.
        inside: whether the test ran in the student's process.

    Returns:
        A clause that follows the test's name; None where there is no value, or one that counts.
    """
    if not values:
        return None
    text, kind = encodable(values[0]["text"]), encodable(values[0]["type"])
    number = values[0]["number"]
    if inside:
        return f"gave {text} in the student's process, which could forge it: end in an assert"
    if len(values) > 1:
        return f"gave {len(values)} values, {text} first: end in one int or float from 0 to {points:g}"
    if number is None:
        kind = f" ({kind})" if kind else ""
        return f"gave {text}{kind}, which is no int or float from 0 to {points:g}: {values[0]['advice']}"
    if not 0 <= number <= points:  # nan, too, is on neither side
        return f"gave {text}, which is not from 0 to {points:g}: bound it, as with `min` and `max`"
    return None


def settle(cell: NotebookNode, values: list[Value], *, inside: bool = False) -> None:
    """Write into a test cell what the values of its last line mean.

    A number that counts becomes its one result. A fault becomes an error, noted as `broken` under `proctor` in the
    metadata.

    Args:
        cell: came to its end without an exception; no results among its outputs.
        values: see `fault`.
        inside: as in `fault`.
    """
    wrong = fault(values, cell.metadata.nbgrader.points, inside=inside)
    if wrong:
        cell.metadata.setdefault("proctor", NotebookNode())["broken"] = wrong
        cell.outputs.append(error(BROKEN, f"this test {wrong}"))
    elif values:
        number = values[0]["number"]
        text = repr(int(number) if number.is_integer() else number)
        cell.outputs.append(new_output("execute_result", {"text/plain": text}, execution_count=cell.execution_count))


def settle_printed(cell: NotebookNode) -> None:
    """As `settle`, for a cell whose results a kernel has left among its outputs; one that is no test stays.

    Where the test failed, that decides, whatever it displayed before: nbgrader would take the first of the two.
    """
    if not is_test(cell):
        return
    values = [value_printed(one.data) for one in cell.outputs if one.output_type == "execute_result"]
    for one in cell.outputs:
        if one.output_type == "execute_result":
            one.output_type = "display_data"
            one.pop("execution_count", None)
    if not any(one.output_type == "error" for one in cell.outputs):
        settle(cell, values)


def broken(cell: NotebookNode) -> str | None:
    """What is wrong with a test that ran, as `settle` noted it; None where it gave nothing or a number."""
    return cell.metadata.get("proctor", {}).get("broken")
