"""Thresholds that make one rate equal in all groups at the least loss, by the hulls of the groups' ROC curves."""

from __future__ import annotations

from typing import Literal

import numpy as np

from seeing.fairness.thresholds.acceptance_rule import AcceptanceRule, AcceptanceSteps
from seeing.fairness.thresholds.roc import RocCurve, convex_hull, roc_curve
from seeing.fairness.thresholds.score_counts import GroupScores, check_both_labels, check_costs

Rate = Literal["selection_rate", "tpr", "fpr"]


def fit_demographic_parity(
    counts: GroupScores, *, false_positive_cost: float = 1, false_negative_cost: float = 1
) -> AcceptanceRule:
    """The rule of least expected loss among those with P(yes | group) equal for all groups.

    Args:
        counts: the scores of each group, such as `count_scores` gives; both labels in each.
        false_positive_cost: the loss of a yes to label 0, >= 0.
        false_negative_cost: the loss of a no to label 1, >= 0.

    Returns:
        The rule: a threshold, or a coin between two, for each group.

    Raises:
        ValueError: if there is no group, one lacks a label, or a cost is negative or not finite, or both are 0.

    Example:
        >>> counts = count_scores([0, 1, 0, 1], [1, 2, 1, 2], sensitive_features=["a", "a", "b", "b"])
        >>> rule = fit_demographic_parity(counts)
        >>> rule.expected_rates(counts).selection_rate.tolist()
        [0.5, 0.5]

    Source: Hardt, Price and Srebro, Equality of opportunity in supervised learning (2016), section 6.
    """
    return _fit("selection_rate", counts, false_positive_cost, false_negative_cost)


def fit_equal_opportunity(
    counts: GroupScores, *, false_positive_cost: float = 1, false_negative_cost: float = 1
) -> AcceptanceRule:
    """The rule of least expected loss among those with P(yes | y = 1, group) equal for all groups.

    Args:
        counts: as in `fit_demographic_parity`.
        false_positive_cost: as in `fit_demographic_parity`.
        false_negative_cost: as in `fit_demographic_parity`.

    Returns:
        As `fit_demographic_parity`.

    Raises:
        ValueError: as `fit_demographic_parity`.

    Source: Hardt, Price and Srebro (2016), definition 2.2 and section 4.2.
    """
    return _fit("tpr", counts, false_positive_cost, false_negative_cost)


def fit_predictive_equality(
    counts: GroupScores, *, false_positive_cost: float = 1, false_negative_cost: float = 1
) -> AcceptanceRule:
    """The rule of least expected loss among those with P(yes | y = 0, group) equal for all groups.

    Args:
        counts: as in `fit_demographic_parity`.
        false_positive_cost: as in `fit_demographic_parity`.
        false_negative_cost: as in `fit_demographic_parity`.

    Returns:
        As `fit_demographic_parity`.

    Raises:
        ValueError: as `fit_demographic_parity`.

    Source: Corbett-Davies, Pierson, Feller, Goel and Huq, Algorithmic decision making and the cost of fairness (2017).
    """
    return _fit("fpr", counts, false_positive_cost, false_negative_cost)


def _fit(rate: Rate, counts: GroupScores, false_positive_cost: float, false_negative_cost: float) -> AcceptanceRule:
    check_both_labels(counts)
    check_costs(false_positive_cost, false_negative_cost)
    hulls = {group: best_for_rate(convex_hull(roc_curve(spread)), rate) for group, spread in counts.items()}
    # Each group's least loss is convex and piecewise linear in its rate, so the sum is least at a corner of some hull.
    common = np.unique(np.concatenate([getattr(hull, rate) for hull in hulls.values()]))
    loss = sum(
        np.interp(
            common,
            getattr(hull, rate),
            false_positive_cost * hull.false_positives - false_negative_cost * hull.true_positives,
        )
        for hull in hulls.values()
    )
    target = float(common[loss.argmin()])
    return AcceptanceRule(
        {group: AcceptanceSteps.from_mixture(*mixture(hull, rate, target)) for group, hull in hulls.items()}
    )


def best_for_rate(hull: RocCurve, rate: Rate) -> RocCurve:
    """The hull's corners without those that another one of the same rate beats, so that the rate rises strictly."""
    rises = np.diff(getattr(hull, rate)) > 0
    # Of equal true-positive rates the first has the fewest false positives; of equal false-positive rates the last
    # has the most true ones.
    return hull.points(np.concatenate((rises, [True]) if rate == "fpr" else ([True], rises)))


def mixture(hull: RocCurve, rate: Rate, target: float) -> tuple[list[float], list[float]]:
    """Two thresholds and the probabilities of drawing each, so that the rate is the target.

    Args:
        hull: corners at which the rate rises strictly from 0 to 1.
        rate: which one.
        target: in [0, 1].
    """
    rates = getattr(hull, rate)
    right = int(np.clip(np.searchsorted(rates, target), 1, len(rates) - 1))
    share = float((target - rates[right - 1]) / (rates[right] - rates[right - 1]))
    return hull.thresholds[right - 1 : right + 1].tolist(), [1 - share, share]
