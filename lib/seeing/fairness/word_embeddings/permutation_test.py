"""The one-sided permutation test: how many ways to part the values would give a first part at least this large."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from seeing.arrays import as_array

EXACT_UP_TO = 40
"""How many values are parted in every way unless asked: 2^20 sums for each half, some .3 s."""
EXACT_AT_MOST = 52
"""What can be asked for: 2^26 sums for each half are 1 GB."""
CHUNK = 1 << 22


@dataclass(frozen=True)
class PermutationTest:
    """How a sum compares with those of all partitions.

    Attributes:
        p_value: share of the partitions whose first part has at least the observed sum, in (0, 1].
        partitions: how many were looked at.
        exact: whether these are all there are; else they are a random sample.
    """

    p_value: float
    partitions: int
    exact: bool


def permutation_test(
    first: np.ndarray, second: np.ndarray, *, exact: bool | None = None, samples: int = 100_000, seed: int = 0
) -> PermutationTest:
    """Whether the first values are larger than the second: P(sum of a random part of their size >= the observed sum).

    One-sided: only a larger first part counts as evidence. The observed partition is one of those counted, so that p
    is at least 1 / C(n + m, n), or 1 / (samples + 1). Sums that differ by rounding alone count as equal.

    Args:
        first: (n,) finite numbers, n >= 1.
        second: (m,), m >= 1.
        exact: True: all C(n + m, n) partitions, for n + m <= 52 (50 values take some 15 s and 1 GB). False: a random
            sample. None: all for n + m <= 40, else a sample.
        samples: how many random partitions, at least 1.
        seed: of the sample.

    Returns:
        p, and how it was found.

    Raises:
        ValueError: if a part is empty, a number is not finite, there are too many for `exact`, or samples is under 1.

    Source: Caliskan, Bryson and Narayanan, Semantics derived automatically from language corpora contain human-like
        biases (2017), whose p has > where this has >=; with a sample, Phipson and Smyth, Permutation p-values should
        never be zero (2010).
    """
    first, second = as_array(first, "first"), as_array(second, "second")
    if first.ndim != 1 or second.ndim != 1 or not len(first) or not len(second) or samples < 1:
        raise ValueError(
            "a permutation test needs two parts with one value at least, and samples >= 1; "
            f"got the shapes {first.shape} and {second.shape}, and samples {samples}"
        )
    values = np.concatenate([first, second]).astype(np.float64)
    if not np.isfinite(values).all():
        raise ValueError("a permutation test needs finite values; got NaN or an infinity")
    if exact and len(values) > EXACT_AT_MOST:
        raise ValueError(
            f"all partitions can be counted for at most {EXACT_AT_MOST} values; got {len(values)}: use exact=False"
        )
    # Centred values, whose sums lose no digits to what all have in common.
    values -= values.mean()
    threshold = values[: len(first)].sum() - 1e-10 * np.abs(values).sum()
    if exact or (exact is None and len(values) <= EXACT_UP_TO):
        partitions = comb(len(values), len(first))
        return PermutationTest(count_at_least(values, len(first), threshold) / partitions, partitions, True)
    reached = _count_sampled(values, len(first), threshold, samples, seed)
    return PermutationTest((reached + 1) / (samples + 1), samples, False)


def count_at_least(values: np.ndarray, size: int, threshold: float) -> int:
    """How many subsets of one size have a sum of at least the threshold.

    Every subset is one of the first half's joined to one of the second's, so the sums of both halves, 2^(N/2) each,
    are enough: with one of them sorted, a binary search counts all partners of a sum at once.

    Args:
        values: (N,) float64.
        size: how many values a subset has, 0..N.
        threshold: the least sum that counts.
    """
    half = len(values) // 2
    left, right = sums_by_size(values[:half]), sums_by_size(values[half:])
    count = 0
    for taken in range(max(0, size - len(right) + 1), min(size, half) + 1):
        needed, partners = threshold - np.sort(left[taken])[::-1], np.sort(right[size - taken])
        too_small = int(np.searchsorted(partners, needed, "left").sum())
        count += len(needed) * len(partners) - too_small
    return count


def sums_by_size(values: np.ndarray) -> list[np.ndarray]:
    """The sums of all subsets, those of k values at place k: C(N, k) of them, in no order."""
    sums = [np.zeros(1)]
    for value in values:
        none = [np.empty(0)]
        sums = [
            np.concatenate([without, using + value]) for without, using in zip(sums + none, none + sums, strict=True)
        ]
    return sums


def _count_sampled(values: np.ndarray, size: int, threshold: float, samples: int, seed: int) -> int:
    """How many of the random subsets of this size have a sum of at least the threshold."""
    generator = np.random.default_rng(seed)
    rows = max(1, CHUNK // len(values))
    reached = 0
    for start in range(0, samples, rows):
        # The places of the smallest of independent keys are a random subset.
        keys = generator.random((min(rows, samples - start), len(values)))
        chosen = np.argpartition(keys, size - 1, axis=1)[:, :size]
        reached += int((values[chosen].sum(1) >= threshold).sum())
    return reached
