"""How far groups are apart: one number from a rate of each group, or one for each group beside a reference.

The forms differ, and so do their values: the largest gap, the mean gap, the signed gap and the ratio each have a name.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal

import numpy as np

from seeing.fairness.groups.counts import GroupCounts
from seeing.fairness.groups.rates import RateName, required_rate
from seeing.fairness.inputs import Values, numbers

Method = Literal["between_groups", "to_overall"]


def max_difference(rates: np.ndarray, overall: np.ndarray | None = None) -> np.ndarray:
    """The largest gap: max - min over the groups, or max |rate - overall|.

    Args:
        rates: (..., G) rates.
        overall: (...,) the rate of everybody, to measure the gap from it; None measures it between groups.

    Returns:
        (...,) in [0, 1], ideal value 0; one group alone gives 0, a NaN gives NaN.

    Example:
        >>> max_difference(np.array([0.5, 0.25, 1.0])).item()
        0.75
    """
    rates = _by_group(rates)
    if overall is None:
        return rates.max(-1) - rates.min(-1)
    return np.abs(rates - _of_everybody(overall, rates)).max(-1)


def mean_difference(rates: np.ndarray) -> np.ndarray:
    """The mean of |rate - rate'| over all pairs of two groups; for two groups the same as `max_difference`.

    Args:
        rates: (..., G) rates.

    Returns:
        (...,) in [0, 1], ideal value 0; one group alone gives 0, a NaN gives NaN.

    Example:
        >>> mean_difference(np.array([0.0, 0.5, 1.0])).item()  # (.5 + 1 + .5) / 3
        0.6666666666666666
    """
    rates = _by_group(rates)
    groups = rates.shape[-1]
    if groups == 1:
        return max_difference(rates)
    gaps = np.abs(rates[..., :, None] - rates[..., None, :])  # (..., G, G)
    return gaps.sum((-2, -1)) / (groups * (groups - 1))


def signed_difference(rates: np.ndarray, reference: int) -> np.ndarray:
    """Each group's rate minus that of the reference group.

    Args:
        rates: (..., G) rates.
        reference: index of the reference group.

    Returns:
        (..., G) in [-1, 1], ideal value 0; the reference itself gives 0.

    Example:
        >>> signed_difference(np.array([0.5, 0.25]), reference=0)
        array([ 0.  , -0.25])
    """
    rates = _by_group(rates, reference)
    return rates - rates[..., reference, None]


def min_ratio(rates: np.ndarray, overall: np.ndarray | None = None) -> np.ndarray:
    """The smallest ratio, turned so that it is at most 1: min / max over the groups, or of rate and overall.

    Args:
        rates: (..., G) rates.
        overall: (...,) the rate of everybody, to compare each with it; None compares the groups.

    Returns:
        (...,) in [0, 1], ideal value 1; rates that are all 0 are equal and give 1; a NaN gives NaN.

    Example:
        >>> min_ratio(np.array([0.5, 0.25, 1.0])).item()
        0.25
    """
    rates = _by_group(rates)
    if overall is None:
        return _ratio(rates.min(-1), rates.max(-1))
    whole = _of_everybody(overall, rates)
    return _ratio(np.minimum(rates, whole), np.maximum(rates, whole)).min(-1)


def signed_ratio(rates: np.ndarray, reference: int) -> np.ndarray:
    """Each group's rate over that of the reference group: under 1 if it is lower there, over 1 if it is higher.

    Args:
        rates: (..., G) rates.
        reference: index of the reference group.

    Returns:
        (..., G) at least 0, ideal value 1; 0 over 0 gives 1, another rate over 0 infinity.

    Example:
        >>> signed_ratio(np.array([0.5, 0.25]), reference=0)
        array([1. , 0.5])
    """
    rates = _by_group(rates, reference)
    return _ratio(rates, rates[..., reference, None])


def rate_difference(
    counts: GroupCounts, name: RateName, method: Method = "between_groups", minimum_n: int = 1
) -> float:
    """`max_difference` of one rate.

    Args:
        counts: of G groups.
        name: the rate, as in `group_rate`.
        method: "between_groups": largest minus smallest. "to_overall": the largest distance from everybody's rate.
        minimum_n: how many rows every group's rate must rest on.

    Returns:
        A number in [0, 1], ideal value 0.

    Raises:
        ValueError: as `required_rate`, or for another method.

    Example:
        >>> counts = group_counts([1, 1, 1, 1], [1, 0, 1, 1], sensitive_features=["a", "a", "b", "b"])
        >>> rate_difference(counts, "true_positive_rate")
        0.5
    """
    return float(max_difference(*_compared(counts, name, method, minimum_n)))


def rate_ratio(counts: GroupCounts, name: RateName, method: Method = "between_groups", minimum_n: int = 1) -> float:
    """`min_ratio` of one rate; arguments and errors as `rate_difference`.

    Returns:
        A number in [0, 1], ideal value 1; 1 if no group has any.

    Raises:
        ValueError: as `rate_difference`.

    Example:
        >>> counts = group_counts([1, 1, 1, 1], [1, 0, 1, 1], sensitive_features=["a", "a", "b", "b"])
        >>> rate_ratio(counts, "true_positive_rate")
        0.5
    """
    return float(min_ratio(*_compared(counts, name, method, minimum_n)))


def signed_rate_difference(
    counts: GroupCounts, name: RateName, reference: Hashable, minimum_n: int = 1
) -> dict[Hashable, float]:
    """`signed_difference` of one rate.

    Args:
        counts: of G groups.
        name: the rate, as in `group_rate`.
        reference: the group that the others are compared with.
        minimum_n: how many rows every group's rate must rest on.

    Returns:
        Group to its rate minus the reference's, without the reference.

    Raises:
        ValueError: as `required_rate`, or if there is no such group.
    """
    index = counts.index(reference)
    gaps = signed_difference(required_rate(counts, name, minimum_n), index).tolist()
    return {group: gap for group, gap in zip(counts.groups, gaps, strict=True) if group != reference}


def _by_group(rates: Values, reference: int = 0) -> np.ndarray:
    """(..., G) float64, checked."""
    rates = numbers(rates, "rates")
    if rates.ndim == 0 or not -rates.shape[-1] <= reference < rates.shape[-1]:
        raise ValueError(f"rates must be (..., G) with a group of number {reference}; got {rates.shape}")
    return rates


def _of_everybody(overall: Values, rates: np.ndarray) -> np.ndarray:
    """(..., 1) float64 beside the rates."""
    overall = numbers(overall, "overall")
    if overall.shape not in ((), rates.shape[:-1]):
        raise ValueError(f"overall must be {rates.shape[:-1]} beside rates {rates.shape}; got {overall.shape}")
    return overall[..., None]


def _compared(counts: GroupCounts, name: RateName, method: Method, minimum_n: int) -> tuple[np.ndarray, ...]:
    if method not in ("between_groups", "to_overall"):
        raise ValueError(f'method must be "between_groups" or "to_overall"; got {method!r}')
    rates = required_rate(counts, name, minimum_n)
    return (rates,) if method == "between_groups" else (rates, required_rate(counts.pooled(), name)[0])


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(part == whole, 1.0, part / whole)
