"""Numbers as the files of other tools hold them."""

from __future__ import annotations

import math
import re
from numbers import Integral, Real
from typing import Any

import numpy as np

DIGITS = re.compile(r"[+-]?[0-9]{1,18}")
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def as_whole(value: Any) -> int | None:
    """The whole number that a value of a JSON or XML file stands for; None if it is none.

    JSON has one kind of number, so 9.0 is 9: tools that keep their table in floating point write it. A text of digits
    is read too, "9" and "0009" as 9, because some tools quote their ids. True and false are no numbers, and
    9.5, "9.0" and "nine" are not whole.
    """
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        number = float(value)
        return int(number) if number.is_integer() else None
    if isinstance(value, str) and DIGITS.fullmatch(value.strip()):
        return int(value)
    return None


def as_decimal(text: str) -> float:
    """The number that a text of a table or an XML file stands for: "14", " 14.5 ", "1e-3"; NaN if it is none.

    Python's own `float` reads more: "1_0" as 10, "１４", "nan", "infinity". In a file these are mistakes.
    """
    written = text.strip()
    return float(written) if DECIMAL.fullmatch(written) else math.nan
