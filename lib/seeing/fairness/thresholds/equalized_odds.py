"""Equal false- and true-positive rates in all groups at the least loss, by the hulls of the groups' ROC curves."""

from __future__ import annotations

import numpy as np

from seeing.fairness.thresholds.acceptance_rule import AcceptanceRule, AcceptanceSteps
from seeing.fairness.thresholds.equal_rate import best_for_rate, mixture
from seeing.fairness.thresholds.roc import RocCurve, convex_hull, roc_curve
from seeing.fairness.thresholds.score_counts import GroupScores, check_both_labels, check_costs

ROUNDING = 1e-14


def fit_equalized_odds(
    counts: GroupScores, *, false_positive_cost: float = 1, false_negative_cost: float = 1
) -> AcceptanceRule:
    """The rule of least expected loss among those with P(yes | y, group) equal for all groups, for y = 0 and y = 1.

    What all groups reach lies under the lowest of their hulls. The best such point is found exactly, without a grid.
    A group whose hull is above it gets there by answering some people, whatever their scores, by a coin of the common
    rate: so some low scores turn into a yes, and some high ones into a no.

    Args:
        counts: the scores of each group, such as `count_scores` gives; both labels in each.
        false_positive_cost: the loss of a yes to label 0, >= 0.
        false_negative_cost: the loss of a no to label 1, >= 0.

    Returns:
        The rule: thresholds and coins for each group.

    Raises:
        ValueError: if there is no group, one lacks a label, or a cost is negative or not finite, or both are 0.

    Source: Hardt, Price and Srebro, Equality of opportunity in supervised learning (2016), section 4.2.
    """
    check_both_labels(counts)
    check_costs(false_positive_cost, false_negative_cost)
    hulls = {group: best_for_rate(convex_hull(roc_curve(spread)), "fpr") for group, spread in counts.items()}
    fpr_price = false_positive_cost * sum(hull.negatives for hull in hulls.values())
    tpr_price = false_negative_cost * sum(hull.positives for hull in hulls.values())
    fpr, tpr = best_common_point(list(hulls.values()), fpr_price, tpr_price)
    return AcceptanceRule(
        {group: AcceptanceSteps.from_mixture(*_mixture_at(hull, fpr, tpr)) for group, hull in hulls.items()}
    )


def best_common_point(hulls: list[RocCurve], fpr_price: float, tpr_price: float) -> tuple[float, float]:
    """The point under all hulls of least fpr_price * FPR - tpr_price * TPR.

    Args:
        hulls: of G groups; the false-positive rate rises strictly from 0 to 1.
        fpr_price: >= 0.
        tpr_price: >= 0.

    Returns:
        The common false- and true-positive rates; of points that cost the same, that of the lowest false-positive rate.
    """
    grid = np.unique(np.concatenate([hull.fpr for hull in hulls]))
    # Between two neighbours of the grid all hulls are straight, and the least loss lies beside the grid's best point.
    best = int((fpr_price * grid - tpr_price * _lowest(hulls, grid)).argmin())
    candidates = grid[max(best - 1, 0) : best + 2]
    heights = np.stack([np.interp(candidates, hull.fpr, hull.tpr) for hull in hulls])
    crossings = [_crossings(candidates[i : i + 2], heights[:, i : i + 2]) for i in range(len(candidates) - 1)]
    candidates = np.unique(np.concatenate([candidates, *crossings]))
    lowest = _lowest(hulls, candidates)
    best = int((fpr_price * candidates - tpr_price * lowest).argmin())
    return float(candidates[best]), float(lowest[best])


def _lowest(hulls: list[RocCurve], fpr: np.ndarray) -> np.ndarray:
    return np.min([np.interp(fpr, hull.fpr, hull.tpr) for hull in hulls], axis=0)


def _crossings(ends: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Where any two of G straight lines cross, strictly between the ends (2,), given their heights (G, 2) there."""
    gap = heights[:, None] - heights  # (G, G, 2)
    left, right = gap[..., 0], gap[..., 1]
    crossing = (left < 0) & (right > 0)
    share = left[crossing] / (left[crossing] - right[crossing])
    return ends[0] + share * (ends[1] - ends[0])


def _mixture_at(hull: RocCurve, fpr: float, tpr: float) -> tuple[list[float], list[float]]:
    """Thresholds and their probabilities that reach a point on or under the hull and on or above the diagonal."""
    thresholds, shares = mixture(hull, "fpr", fpr)
    height = float(np.interp(fpr, hull.fpr, hull.tpr))
    # The point lies between the hull and the coin (fpr, fpr), straight
    # below it. On the hull there is no such coin.
    on_hull = height - tpr <= ROUNDING
    by_score = 1.0 if on_hull else max((tpr - fpr) / (height - fpr), 0.0)
    coin = 1 - by_score
    chances = [by_score * share for share in shares]
    chances += [coin * fpr, coin * (1 - fpr)]
    return [*thresholds, -np.inf, np.inf], chances
