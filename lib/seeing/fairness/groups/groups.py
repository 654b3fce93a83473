"""Who belongs to which group: sensitive features of any kind, and the intersections of several, as integer codes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seeing.arrays import as_array
from seeing.fairness.inputs import Values, as_column, check_lengths

SensitiveFeatures = Values | Mapping[str, Values]

FEW = 16
"""Up to so many distinct values are found by comparing, which is many times faster than sorting a million rows."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The group of every row.

    Attributes:
        labels: the G groups that occur, sorted: a value each, or a tuple of values where several features intersect.
        codes: (N,) integers 0..G-1.
    """

    labels: tuple[Hashable, ...]
    codes: np.ndarray


def find_groups(sensitive_features: SensitiveFeatures) -> Groups:
    """Name the groups and number the rows.

    Args:
        sensitive_features: (N,) of strings, integers, bools or other values with an order. Or several columns, whose
            intersections that occur are the groups: (N, F) with F >= 1, a mapping of name to (N,), or a DataFrame.

    Returns:
        The groups. One column, even as (N, 1), gives plain values; several give tuples, in the columns' order.

    Raises:
        ValueError: if there is no row or no column, the lengths differ, or a value is missing (None, NaN).

    Example:
        >>> groups = find_groups(["b", "a", "b"])
        >>> groups.labels, groups.codes.tolist()
        (('a', 'b'), [1, 0, 1])
    """
    names_and_columns = feature_columns(sensitive_features)
    coded = [_code(column, name) for name, column in names_and_columns.items()]
    labels, codes = coded[0]
    if len(coded) == 1:
        return Groups(labels, codes)
    labels = tuple((label,) for label in labels)
    for more, more_codes in coded[1:]:
        # Numbered anew after each column, so that the codes never outgrow their type.
        pairs, codes = _code(codes.astype(np.int64) * len(more) + more_codes, "sensitive_features")
        labels = tuple((*labels[pair // len(more)], more[pair % len(more)]) for pair in pairs)
    return Groups(labels, codes)


def feature_columns(sensitive_features: SensitiveFeatures) -> dict[str, np.ndarray]:
    """Name: (N,) column. The columns of an array are named by their number, a single one "sensitive_features".

    Raises:
        ValueError: as `find_groups`, but for missing values.
    """
    if isinstance(sensitive_features, Mapping) or hasattr(sensitive_features, "columns"):
        table: Any = sensitive_features  # pandas is not asked for: a DataFrame is known by its columns
        columns = {str(name): as_column(table[name], str(name)) for name in list(getattr(table, "columns", table))}
    else:
        values = as_array(sensitive_features, "sensitive_features", words=True)
        if values.ndim != 2:
            return {"sensitive_features": as_column(values, "sensitive_features")}
        columns = {str(index): as_column(values[:, index], f"column {index}") for index in range(values.shape[1])}
    if not columns:
        raise ValueError("sensitive_features must have at least one column; got none")
    check_lengths(**{name: len(column) for name, column in columns.items()})
    return columns


def _code(column: np.ndarray, name: str) -> tuple[tuple, np.ndarray]:
    """The distinct values, sorted, and the number of each row's."""
    values, codes = _code_objects(column) if column.dtype == object else _code_few(column)
    if any(_is_missing(value) for value in values):
        raise ValueError(f"{name} holds a missing value; give the rows without one a group of their own")
    order = _sorted_places(values)
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    return tuple(values[index] for index in order), rank[codes]


def _code_few(column: np.ndarray) -> tuple[list, np.ndarray]:
    codes = np.zeros(len(column), np.int8)
    known = np.zeros(len(column), bool)
    values: list[object] = []
    for code in range(FEW):
        index = known.argmin()
        if known[index]:
            return values, codes
        same = column == column[index]
        if not same[index]:  # NaN
            return [np.nan], codes
        known |= same
        codes += same.view(np.int8) * np.int8(code)
        values.append(column[index].item())
    distinct, numbers = np.unique(column, return_inverse=True)
    return distinct.tolist(), numbers


def _code_objects(column: np.ndarray) -> tuple[list, np.ndarray]:
    rows = column.tolist()
    try:
        numbers = {value: code for code, value in enumerate(dict.fromkeys(rows))}
    except TypeError:
        raise ValueError("sensitive_features must hold plain values, such as strings or integers, one a row") from None
    return list(numbers), np.fromiter(map(numbers.__getitem__, rows), np.intp, len(rows))


def _is_missing(value: object) -> bool:
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas.NA has no truth
        return True


def _sorted_places(values: list) -> list[int]:
    try:
        return sorted(range(len(values)), key=values.__getitem__)
    except TypeError:  # words beside numbers
        return sorted(range(len(values)), key=lambda index: (type(values[index]).__name__, str(values[index])))
