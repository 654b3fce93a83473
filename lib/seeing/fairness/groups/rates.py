"""The nine rates of a binary decision, by group: each is the share of some cells of the count tensor among others."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from seeing.fairness.groups.counts import GroupCounts

RateName = Literal[
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
    "positive_predictive_value",
    "negative_predictive_value",
    "accuracy",
    "base_rate",
]
RATE_NAMES: tuple[RateName, ...] = get_args(RateName)

# Cells in the order TN, FP, FN, TP: first those that are counted, then those among which they are.
SHARES: dict[RateName, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "selection_rate": ((0, 1, 0, 1), (1, 1, 1, 1)),
    "true_positive_rate": ((0, 0, 0, 1), (0, 0, 1, 1)),
    "false_positive_rate": ((0, 1, 0, 0), (1, 1, 0, 0)),
    "true_negative_rate": ((1, 0, 0, 0), (1, 1, 0, 0)),
    "false_negative_rate": ((0, 0, 1, 0), (0, 0, 1, 1)),
    "positive_predictive_value": ((0, 0, 0, 1), (0, 1, 0, 1)),
    "negative_predictive_value": ((1, 0, 0, 0), (1, 0, 1, 0)),
    "accuracy": ((1, 0, 0, 1), (1, 1, 1, 1)),
    "base_rate": ((0, 0, 1, 1), (1, 1, 1, 1)),
}
AMONG = {
    "true_positive_rate": "y_true = 1",
    "false_positive_rate": "y_true = 0",
    "true_negative_rate": "y_true = 0",
    "false_negative_rate": "y_true = 1",
    "positive_predictive_value": "y_pred = 1",
    "negative_predictive_value": "y_pred = 0",
}


def group_rate(counts: GroupCounts, name: RateName, minimum_n: int = 1) -> np.ndarray:
    """One rate in every group.

    With Y the label, D the decision and A the group: selection rate P(D=1 | A), true positive rate P(D=1 | Y=1, A),
    false positive rate P(D=1 | Y=0, A), true negative rate P(D=0 | Y=0, A), false negative rate P(D=0 | Y=1, A),
    positive predictive value P(Y=1 | D=1, A), negative predictive value P(Y=0 | D=0, A), accuracy P(D=Y | A), and
    base rate P(Y=1 | A).

    Args:
        counts: of G groups.
        name: which of these.
        minimum_n: how many rows the denominator needs; a rate that rests on fewer is withheld.

    Returns:
        (G,) float64 in [0, 1]; NaN where the denominator is empty, or has fewer rows than `minimum_n`.

    Raises:
        ValueError: if there is no such rate, or `minimum_n` is under 1.

    Example:
        >>> counts = group_counts([1, 1, 0, 1], [1, 0, 0, 1], sensitive_features=["a", "a", "b", "b"])
        >>> group_rate(counts, "true_positive_rate")
        array([0.5, 1. ])

    Source: Verma and Rubin, Fairness definitions explained (2018), section 3.
    """
    check_rate(name)
    check_minimum(minimum_n)
    rates = table_rates(counts.table, [name])[..., 0]
    return np.where(supports(counts, [name])[..., 0] >= minimum_n, rates, np.nan)


def group_rates(counts: GroupCounts, minimum_n: int = 1) -> dict[RateName, np.ndarray]:
    """All nine rates in every group: name to (G,), as `group_rate` has each.

    Raises:
        ValueError: if `minimum_n` is under 1.

    Example:
        >>> counts = group_counts([1, 1, 0, 1], [1, 0, 0, 1], sensitive_features=["a", "a", "b", "b"])
        >>> group_rates(counts)["false_positive_rate"]  # nobody of a is negative
        array([nan,  0.])
    """
    return {name: group_rate(counts, name, minimum_n) for name in RATE_NAMES}


def required_rate(counts: GroupCounts, name: RateName, minimum_n: int = 1) -> np.ndarray:
    """(G,) as `group_rate`, where a statement about every group is wanted and a hole will not do.

    Raises:
        ValueError: as `group_rate`, or if the rate of a group rests on fewer rows than `minimum_n`.
    """
    check_rate(name)
    check_minimum(minimum_n)
    rows = supports(counts, [name])[:, 0]
    if (rows < minimum_n).any():
        group = int((rows < minimum_n).argmax())
        rule = f" with {AMONG[name]}" if name in AMONG else ""
        raise ValueError(
            f"the {name} of group {counts.groups[group]!r} rests on {rows[group]} rows{rule}; at least {minimum_n} "
            "are needed. Merge the group with another or leave it out"
        )
    return table_rates(counts.table, [name])[:, 0]


def supports(counts: GroupCounts, names: tuple[RateName, ...] | list[RateName]) -> np.ndarray:
    """(G, R) int64: how many rows each group's rates of these names rest on."""
    among = np.array([SHARES[name][1] for name in names])
    return counts.rows.reshape(-1, 4) @ among.T


def table_rates(table: np.ndarray, names: tuple[RateName, ...] | list[RateName]) -> np.ndarray:
    """(..., R) float64: the rates of these names in tables (..., 2, 2); NaN where a denominator is 0."""
    cells = table.reshape(*table.shape[:-2], 4)
    part, whole = (cells @ np.array([SHARES[name][side] for name in names], np.float64).T for side in (0, 1))
    with np.errstate(invalid="ignore"):
        return part / whole


def check_rate(name: str) -> None:
    """Refuse a rate that does not exist.

    Raises:
        ValueError: with the names that exist.
    """
    if name not in SHARES:
        raise ValueError(f"the rate must be one of {', '.join(RATE_NAMES)}; got {name!r}")


def check_minimum(minimum_n: int) -> None:
    """Refuse a minimum of rows under 1.

    Raises:
        ValueError: with the minimum.
    """
    if minimum_n < 1:
        raise ValueError(f"minimum_n must be at least 1; got {minimum_n}")
