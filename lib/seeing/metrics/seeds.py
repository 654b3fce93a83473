"""One number from each of several seeds: its mean, and how far the mean might be off by the luck of the seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seeing.arrays import as_array
from seeing.metrics.bootstrap import Interval


@dataclass(frozen=True)
class SeedScores:
    """One quantity over the seeds.

    Attributes:
        values: one a seed.
        mean: of the values.
        interval: Student's interval for the mean over all seeds that might have been used; NaN for a single seed.
            It says nothing of the luck of which rows are in the sample.
    """

    values: tuple[float, ...]
    mean: float
    interval: Interval


def seed_scores(values: Sequence[float], confidence: float = 0.95) -> SeedScores:
    """Mean and Student's interval of one number a seed.

    Args:
        values: at least one.
        confidence: in (0, 1).

    Raises:
        ValueError: if there is no value, or the confidence is out of range.

    Example:
        >>> seed_scores([0.5, 0.75]).mean
        0.625
    """
    from scipy.stats import t

    column = as_array(values, "values").astype(np.float64)
    if column.ndim != 1:
        raise ValueError(f"values must be (N,), one a seed; got {column.shape}")
    if not len(column) or not 0 < confidence < 1:
        raise ValueError(f"a value and a confidence in (0, 1) were expected; got {len(column)} and {confidence}")
    count, mean = len(column), float(np.mean(column))
    half = math.nan
    if count > 1:
        half = float(t.ppf((1 + confidence) / 2, count - 1)) * float(np.std(column, ddof=1)) / math.sqrt(count)
    return SeedScores(tuple(map(float, column)), mean, Interval(mean - half, mean + half))
