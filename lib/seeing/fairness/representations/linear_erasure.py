"""Least-squares concept erasure: rows moved just so far that no linear model finds the attribute in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from seeing.fairness.inputs import Values, binary, check_lengths, numbers


@dataclass(frozen=True, eq=False)
class LinearEraser:
    """Takes one direction out of rows.

    Attributes:
        mean: (D,) of the rows it was fitted on.
        shared: (D,) their covariance with the attribute: the direction along which rows move.
        weights: (D,) how far, from a row less the mean.
    """

    mean: np.ndarray
    shared: np.ndarray
    weights: np.ndarray

    def __call__(self, rows: ArrayLike) -> np.ndarray:
        """Rows without what a linear model could find; whose row it is need not be known.

        Args:
            rows: (N, D) finite; N may be 0.

        Returns:
            (N, D) float64.

        Raises:
            ValueError: if the columns are not those of the fit, or a number is not finite.
        """
        rows = _as_rows(rows)
        if rows.shape[1] != len(self.mean):
            raise ValueError(f"rows must have the {len(self.mean)} columns of the fit; got {rows.shape[1]}")
        return rows - np.outer((rows - self.mean) @ self.weights, self.shared)


def fit_linear_eraser(rows: ArrayLike, *, sensitive_features: Values) -> LinearEraser:
    """Find the smallest change, in squared distance whitened by the rows' covariance, after which cov(x, a) = 0.

    x' = x - c (c' S+ (x - mean)) / (c' S+ c), with S the covariance of the columns and c theirs with the attribute. A
    linear model then does no better than a constant. What is left is still there for any other model.

    Args:
        rows: (N, D) finite, N >= 2; columns may depend on each other.
        sensitive_features: (N,) of 0 and 1, or bool, both of which occur.

    Returns:
        The eraser; where no column has any covariance with the attribute, it changes nothing.

    Raises:
        ValueError: if the lengths differ, a number is not finite, or everybody has the same attribute.

    Source: Belrose et al., LEACE: perfect linear concept erasure in closed form (2023), theorem 4.3 for one binary
        attribute.
    """
    rows, attribute = _as_rows(rows), binary(sensitive_features, "sensitive_features").astype(np.float64)
    check_lengths(rows=len(rows), sensitive_features=len(attribute))
    if np.ptp(attribute) == 0:
        raise ValueError(f"both 0 and 1 must occur in sensitive_features; got only {attribute[0]:g}")
    mean = rows.mean(0)
    centred = rows - mean
    shared = centred.T @ (attribute - attribute.mean()) / len(rows)
    # c lies in the space of the columns, so lstsq's answer of least length is
    # S+ c, also for a singular S.
    weights = np.linalg.lstsq(centred.T @ centred / len(rows), shared)[0]
    scale = shared @ weights
    nothing = scale <= np.finfo(np.float64).eps
    weights = np.zeros_like(weights) if nothing else weights / scale
    return LinearEraser(mean, shared, weights)


def _as_rows(rows: ArrayLike) -> np.ndarray:
    rows = numbers(rows, "rows")
    if rows.ndim != 2 or rows.shape[1] < 1:
        raise ValueError(f"rows must be (N, D) with at least one column; got shape {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError("rows must be finite; leave out rows with a missing number, or fill it in")
    return rows
