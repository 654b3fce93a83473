"""Tables of people: named columns of one length, read from text with commas."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

import numpy as np

from seeing.data.files import BadFile, Refusals, read_text
from seeing.data.whole_numbers import as_decimal

Cell = Callable[[str], Any]
LONGEST_NUMBER = 18  # digits that fit into int64


@dataclass(frozen=True, eq=False)
class Table:
    """A frozen dataclass whose numpy arrays are columns of one length."""

    def __len__(self) -> int:
        return next(len(value) for value in self.columns().values())

    def columns(self) -> dict[str, np.ndarray]:
        """The columns by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}

    def rows(self, which: np.ndarray | slice) -> Self:
        """The same table with some of its rows: those where a bool array is True, at some indices, or of a slice."""
        return replace(self, **{name: column[which] for name, column in self.columns().items()})


def whole(text: str) -> int:
    """A cell that is a whole number."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
        raise ValueError(f"a whole number was expected; got {text!r}")
    return int(text)


def number(text: str) -> float:
    """A cell that is a finite number."""
    value = as_decimal(text)
    if not math.isfinite(value):
        raise ValueError(f"a number was expected; got {text!r}")
    return value


def number_or_nothing(text: str) -> float:
    """A cell that is a finite number, or empty, which gives NaN."""
    return number(text) if text else math.nan


def between(kind: Callable[[str], float], low: float, high: float) -> Cell:
    """A cell that is a number from `low` to `high`."""

    def cell(text: str) -> float:
        value = kind(text)
        if not low <= value <= high:
            raise ValueError(f"a number in {low}..{high} was expected; got {text!r}")
        return value

    return cell


def one_of(*choices: str) -> Cell:
    """A cell that is one of some words."""

    def cell(text: str) -> str:
        if text not in choices:
            raise ValueError(f"one of {', '.join(choices)} was expected; got {text!r}")
        return text

    return cell


def day(text: str) -> np.datetime64:
    """A cell that is a day, written as 2014-04-01."""
    try:
        value = date.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.isoformat() != text:  # other ISO forms, such as 20140401, are a sign of another file
        raise ValueError(f"a day such as 2014-04-01 was expected; got {text!r}")
    return np.datetime64(value, "D")


def read_table(
    path: Path, cells: Mapping[str, Cell], refusals: Refusals, names: list[str] | None = None
) -> dict[str, np.ndarray]:
    """Some columns of a comma-separated file.

    Empty lines are passed over, and so are blanks after a comma. Where a name stands for several columns, the
    first is taken.

    Args:
        path: the file.
        cells: for each column wanted, what turns the text of a cell into its value, or raises a ValueError.
        refusals: what is to be done about a bad line.
        names: the columns of a file without a line of names; in such a file lines that begin with | are passed over.

    Returns:
        The columns by name, one value a line that is not left out: int64, float64, days or text.

    Raises:
        BadFile: if the file is empty, a column is not there, or no good line is left; and, unless bad ones are to
            be skipped, if a line has too few or too many cells or one that is not what it should be.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), skipinitialspace=True, strict=True)
    with _named_errors(path, reader):
        header = names if names is not None else next(reader)
    places = {}
    for name in cells:
        if name not in header:
            raise BadFile(path, f"a column {name} was expected; got {', '.join(header)}")
        places[name] = header.index(name)

    rows = []
    with _named_errors(path, reader):
        for line in reader:
            if not line or (names is not None and line[0].startswith("|")):
                continue
            with refusals.guard():
                if len(line) != len(header):
                    raise BadFile(path, f"line {reader.line_num}: {len(header)} cells were expected; got {len(line)}")
                rows.append(_row(path, reader.line_num, line, cells, places))
    if not rows:
        raise BadFile(path, "lines of data were expected; got none")
    return {name: np.array(column) for name, column in zip(cells, zip(*rows, strict=True), strict=True)}


def _row(path: Path, number: int, line: list[str], cells: Mapping[str, Cell], places: Mapping[str, int]) -> list[Any]:
    values = []
    try:
        for name, cell in cells.items():
            values.append(cell(line[places[name]]))
    except ValueError as error:
        raise BadFile(path, f"line {number}, {name}: {error}") from error
    return values


@contextmanager
def _named_errors(path: Path, reader: Any) -> Iterator[None]:
    """Errors of the reader of commas and quotes, with the file's name and the line."""
    try:
        yield
    except csv.Error as error:
        raise BadFile(path, f"line {reader.line_num}: {error}") from error
