"""The rule of least loss under a criterion, as a linear programme: slower than the hulls, but open to any rule."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal, get_args

import numpy as np

from seeing.fairness.thresholds.acceptance_rule import AcceptanceRule, AcceptanceSteps
from seeing.fairness.thresholds.roc import roc_curve
from seeing.fairness.thresholds.score_counts import GroupScores, ScoreCounts, check_both_labels, check_costs

Criterion = Literal[
    "maximum_profit", "demographic_parity", "equal_opportunity", "predictive_equality", "equalized_odds"
]
EQUAL_RATES = {
    "maximum_profit": (),
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("tpr",),
    "predictive_equality": ("fpr",),
    "equalized_odds": ("fpr", "tpr"),
}


def fit_linear_programme(
    counts: GroupScores,
    criterion: Criterion,
    *,
    false_positive_cost: float = 1,
    false_negative_cost: float = 1,
    flips: bool = False,
) -> AcceptanceRule:
    """The rule of least expected loss that satisfies a criterion exactly.

    Without flips the unknowns are the probabilities of drawing each threshold, and the loss is that of the hulls'
    rules. With flips they are the probabilities of a yes for each score, so a higher score may get a yes less often:
    for scores 0 and 1, that is the derived predictor of Hardt, Price and Srebro. Fast up to some thousand scores.

    Args:
        counts: the scores of each group, such as `count_scores` gives; both labels in each.
        criterion: "maximum_profit" asks for nothing, "demographic_parity" for equal selection rates,
            "equal_opportunity" for equal true-positive rates, "predictive_equality" for equal false-positive rates,
            "equalized_odds" for both.
        false_positive_cost: the loss of a yes to label 0, >= 0.
        false_negative_cost: the loss of a no to label 1, >= 0.
        flips: whether a higher score may get a yes less often.

    Returns:
        A rule; where several have the least loss, the solver's choice.

    Raises:
        ValueError: if there is no group, one lacks a label, a cost is negative or not finite, both are 0, or the
            criterion is unknown.

    Source: Hardt, Price and Srebro, Equality of opportunity in supervised learning (2016), section 4.1.
    """
    from scipy.optimize import linprog

    check_both_labels(counts)
    check_costs(false_positive_cost, false_negative_cost)
    if criterion not in EQUAL_RATES:
        raise ValueError(f"criterion must be one of {', '.join(get_args(Criterion))}; got {criterion!r}")
    people = [_people(spread, flips) for spread in counts.values()]  # each (2, U): label 0, label 1
    widths = [part.shape[1] for part in people]
    total = sum(spread.size for spread in counts.values())
    price = np.concatenate([false_positive_cost * part[0] - false_negative_cost * part[1] for part in people]) / total
    rows = [row for rate in EQUAL_RATES[criterion] for row in _equal_rates(list(counts.values()), people, rate)]
    wanted = [0.0] * len(rows)
    if not flips:  # the probabilities of a group's thresholds sum to 1
        rows.extend(np.repeat(np.eye(len(widths)), widths, axis=1))
        wanted.extend([1.0] * len(widths))
    conditions = {"A_eq": np.array(rows), "b_eq": wanted} if rows else {}
    solution = linprog(price, bounds=(0, 1), method="highs", **conditions)
    if solution.x is None:
        raise RuntimeError(f"the solver found no rule: {solution.message}")
    parts = np.split(solution.x.clip(0, 1), np.cumsum(widths)[:-1])
    return AcceptanceRule(
        {group: _steps(counts, group, part, flips) for group, part in zip(counts, parts, strict=True)}
    )


def _people(spread: ScoreCounts, flips: bool) -> np.ndarray:
    """(2, U): how many of label 0 and of label 1 get a yes by each unknown, if it is 1."""
    if flips:
        return np.stack([spread.negatives, spread.positives])
    curve = roc_curve(spread)
    return np.stack([curve.false_positives, curve.true_positives])


def _equal_rates(spreads: list[ScoreCounts], people: list[np.ndarray], rate: str) -> list[np.ndarray]:
    """For each group but the first, the row that makes its rate that of the first."""
    labels = {"fpr": [0], "tpr": [1], "selection_rate": [0, 1]}[rate]
    shares = []
    for spread, part in zip(spreads, people, strict=True):
        all_of_label = (spread.negatives.sum(), spread.positives.sum())
        shares.append(part[labels].sum(0) / sum(all_of_label[label] for label in labels))
    rows = []
    for other in range(1, len(shares)):
        signs = [float(index == other) - float(index == 0) for index in range(len(shares))]
        rows.append(np.concatenate([sign * share for sign, share in zip(signs, shares, strict=True)]))
    return rows


def _steps(counts: GroupScores, group: Hashable, unknowns: np.ndarray, flips: bool) -> AcceptanceSteps:
    if not flips:
        return AcceptanceSteps.from_mixture(roc_curve(counts[group]).thresholds, unknowns / unknowns.sum())
    changes = np.flatnonzero(np.diff(unknowns)) + 1
    scores = counts[group].scores
    return AcceptanceSteps(tuple(scores[changes].tolist()), tuple(unknowns[[0, *changes]].tolist()))
