"""What the group metrics take: true labels, decisions and weights, one of each a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from torch import Tensor

from seeing.arrays import as_array

Values = ArrayLike | Tensor | Sequence


def as_column(values: Values, name: str, *, words: bool = True) -> np.ndarray:
    """(N,) array of the values; a tensor is brought to the CPU, without its gradient.

    Args:
        values: (N,) array, tensor, Series or sequence.
        name: what an error calls them.
        words: whether they may be something else than numbers.

    Raises:
        ValueError: if they are not one-dimensional, there are none, or some are masked or complex.
    """
    return _one_column(as_array(values, name, words=words), name)


def numbers(values: Values, name: str) -> np.ndarray:
    """The values as float64, of any shape.

    Raises:
        ValueError: if they are no real numbers, or some are masked.
    """
    return as_array(values, name).astype(np.float64)


def number_column(values: Values, name: str) -> np.ndarray:
    """(N,) float64.

    Raises:
        ValueError: as `as_column` and `numbers`.
    """
    return _one_column(numbers(values, name), name)


def binary(values: Values, name: str) -> np.ndarray:
    """(N,) bool: which rows are positive.

    Args:
        values: (N,) of 0 and 1 (of any number type), or bool.
        name: what an error calls them.

    Raises:
        ValueError: as `as_column`, or if a value is neither 0 nor 1: a word, a score, NaN.
    """
    column = as_column(values, name)
    if column.dtype == bool:
        return column
    if column.dtype.kind not in "iufO":
        raise _not_binary(name, column[0])
    try:
        positive = np.asarray(column == 1, bool)
        known = positive | np.asarray(column == 0, bool)
    except TypeError:  # pandas.NA is neither equal nor unequal
        raise ValueError(f"{name} holds a missing value; leave its row out") from None
    if not known.all():
        raise _not_binary(name, column[known.argmin()])
    return positive


def _one_column(column: np.ndarray, name: str) -> np.ndarray:
    if column.ndim != 1 or not len(column):
        raise ValueError(f"{name} must be (N,) with at least one row; got shape {column.shape}")
    return column


def _not_binary(name: str, value: object) -> ValueError:
    value = value.item() if isinstance(value, np.generic) else value
    return ValueError(
        f"{name} must hold 0 and 1, or bool; got {value!r}. Say first what counts as positive, "
        "such as score >= threshold or label == word"
    )


def weights_of(sample_weight: Values | None, rows: int) -> np.ndarray | None:
    """(N,) float64 weights, or None where every row counts once.

    Raises:
        ValueError: if there are not as many as rows, one is negative or not finite, or all are 0.
    """
    if sample_weight is None:
        return None
    weights = number_column(sample_weight, "sample_weight")
    check_lengths(rows=rows, sample_weight=len(weights))
    wrong = ~((weights >= 0) & np.isfinite(weights))
    if wrong.any():
        raise ValueError(f"sample_weight must be finite and at least 0; got {weights[wrong.argmax()]}")
    if not weights.any():
        raise ValueError("sample_weight must not be 0 in every row: no row would count")
    return weights


def check_lengths(**lengths: int) -> None:
    """Refuse columns that are not equally long.

    Raises:
        ValueError: with every name and its length.
    """
    if len(set(lengths.values())) > 1:
        got = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"one entry a row was expected everywhere; got lengths {got}")
