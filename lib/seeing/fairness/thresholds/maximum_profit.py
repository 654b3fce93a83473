"""One threshold for everybody, or one for each group, with no coins: the rules of least loss."""

from __future__ import annotations

import numpy as np

from seeing.fairness.thresholds.acceptance_rule import AcceptanceRule, AcceptanceSteps
from seeing.fairness.thresholds.roc import roc_curve
from seeing.fairness.thresholds.score_counts import GroupScores, ScoreCounts, check_both_labels, check_costs


def fit_maximum_profit(
    counts: GroupScores, *, false_positive_cost: float = 1, false_negative_cost: float = 1
) -> AcceptanceRule:
    """For each group the threshold of least expected loss, whatever the others get: the most that thresholds can earn.

    Lending that gains g from who repays and loses c to who does not has false_positive_cost = c and
    false_negative_cost = g, and label 1 repays.

    Args:
        counts: the scores of each group, such as `count_scores` gives; both labels in each.
        false_positive_cost: the loss of a yes to label 0, >= 0.
        false_negative_cost: the loss of a no to label 1, >= 0.

    Returns:
        The rule; of thresholds that cost the same, the one that accepts fewest.

    Raises:
        ValueError: if there is no group, one lacks a label, or a cost is negative or not finite, or both are 0.

    Example:
        >>> counts = count_scores([0, 1, 0, 1], [1, 2, 3, 4], sensitive_features=["a", "a", "b", "b"])
        >>> rule = fit_maximum_profit(counts)
        >>> {group: steps.thresholds for group, steps in rule.steps.items()}  # each group its own
        {'a': (2.0,), 'b': (4.0,)}

    Source: Hardt, Price and Srebro, Equality of opportunity in supervised learning (2016), section 6, "max profit".
    """
    check_both_labels(counts)
    check_costs(false_positive_cost, false_negative_cost)
    return AcceptanceRule(
        {
            group: AcceptanceSteps.from_mixture([_best(spread, false_positive_cost, false_negative_cost)], [1])
            for group, spread in counts.items()
        }
    )


def fit_single_threshold(
    counts: GroupScores, *, false_positive_cost: float = 1, false_negative_cost: float = 1
) -> AcceptanceRule:
    """The one threshold of least expected loss for everybody, blind to the group.

    Args:
        counts: as in `fit_maximum_profit`.
        false_positive_cost: as in `fit_maximum_profit`.
        false_negative_cost: as in `fit_maximum_profit`.

    Returns:
        The rule, the same steps for every group; of thresholds that cost the same, the one that accepts fewest.

    Raises:
        ValueError: as `fit_maximum_profit`.

    Example:
        >>> counts = count_scores([0, 1, 0, 1], [1, 2, 1, 2], sensitive_features=["a", "a", "b", "b"])
        >>> rule = fit_single_threshold(counts)
        >>> {group: steps.thresholds for group, steps in rule.steps.items()}
        {'a': (2.0,), 'b': (2.0,)}

    Source: Hardt, Price and Srebro (2016), section 6, "race blind".
    """
    check_both_labels(counts)
    check_costs(false_positive_cost, false_negative_cost)
    best = _best(_pooled(counts), false_positive_cost, false_negative_cost)
    return AcceptanceRule(dict.fromkeys(counts, AcceptanceSteps.from_mixture([best], [1])))


def _best(spread: ScoreCounts, false_positive_cost: float, false_negative_cost: float) -> float:
    curve = roc_curve(spread)
    loss = false_positive_cost * curve.false_positives - false_negative_cost * curve.true_positives
    return float(curve.thresholds[loss.argmin()])


def _pooled(counts: GroupScores) -> ScoreCounts:
    every = np.concatenate([spread.scores for spread in counts.values()])
    scores, index = np.unique(every, return_inverse=True)
    people = [
        np.bincount(index, np.concatenate([getattr(spread, name) for spread in counts.values()]), len(scores))
        for name in ("negatives", "positives")
    ]
    return ScoreCounts(scores, *people)
