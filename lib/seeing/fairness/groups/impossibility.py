"""Why a decision cannot have everything: base rate, predictive value and both error rates hang on one equation.

Where the base rates of two groups differ, equal predictive values and equal false negative rates force unequal false
positive rates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from seeing.fairness.groups.counts import GroupCounts
from seeing.fairness.groups.rates import group_rate
from seeing.fairness.inputs import numbers


def implied_false_positive_rate(
    base_rate: ArrayLike, positive_predictive_value: ArrayLike, false_negative_rate: ArrayLike
) -> np.ndarray:
    """The only false positive rate that goes with the other three: FPR = p / (1 - p) (1 - PPV) / PPV (1 - FNR).

    Args:
        base_rate: p = P(Y=1), in [0, 1); any shape.
        positive_predictive_value: P(Y=1 | D=1), in (0, 1]; of a shape that broadcasts.
        false_negative_rate: P(D=0 | Y=1), in [0, 1]; of a shape that broadcasts.

    Returns:
        Float64 of the broadcast shape, at least 0. Over 1: no decision has these three. NaN where one of them is NaN.

    Raises:
        ValueError: if one is out of its range.

    Example:
        >>> implied_false_positive_rate([0.5, 0.2], 0.8, 0.2)  # other base rates, so other false alarms
        array([0.2 , 0.05])

    Source: Chouldechova, Fair prediction with disparate impact (2017), equation 2.6.
    """
    p = _within("base_rate", base_rate, 0, np.nextafter(1, 0), "[0, 1)")
    ppv = _within(
        "positive_predictive_value",
        positive_predictive_value,
        np.nextafter(0, 1),
        1,
        "(0, 1]",
    )
    fnr = _within("false_negative_rate", false_negative_rate, 0, 1, "[0, 1]")
    try:
        p, ppv, fnr = np.broadcast_arrays(p, ppv, fnr)
    except ValueError:
        shapes = f"{p.shape}, {ppv.shape}, {fnr.shape}"
        message = f"the rates must have shapes that broadcast; got {shapes}"
        raise ValueError(message) from None
    return p / (1 - p) * (1 - ppv) / ppv * (1 - fnr)


def identity_error(counts: GroupCounts) -> np.ndarray:
    """False positive rate as counted, minus the one that the other three rates imply: 0 but for rounding.

    Args:
        counts: of G groups.

    Returns:
        (G,) float64; NaN for a group with one class only, or in which no positive (Y=1) is selected: a rate is then
        not defined, or the predictive value is 0 whatever the false positive rate.

    Example:
        >>> counts = group_counts([1, 1, 0, 0], [1, 0, 1, 0], sensitive_features=["a"] * 4)
        >>> identity_error(counts)
        array([0.])
    """
    p = group_rate(counts, "base_rate")
    ppv = group_rate(counts, "positive_predictive_value")
    fnr = group_rate(counts, "false_negative_rate")
    fpr = group_rate(counts, "false_positive_rate")
    known = (p < 1) & (ppv > 0)
    implied = implied_false_positive_rate(*(np.where(known, rate, np.nan) for rate in (p, ppv, fnr)))
    return fpr - implied


def _within(name: str, values: ArrayLike, low: float, high: float, interval: str) -> np.ndarray:
    values = numbers(values, name)
    wrong = (values < low) | (values > high)  # False for NaN
    if wrong.any():
        raise ValueError(f"{name} must lie in {interval}; got {values[wrong].flat[0]}")
    return values
