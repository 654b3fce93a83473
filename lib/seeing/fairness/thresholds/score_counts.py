"""How scores are spread in each group, among those who had the outcome and those who had not: what thresholds need."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from seeing.fairness.groups.groups import SensitiveFeatures, find_groups
from seeing.fairness.inputs import Values, binary, check_lengths, number_column, numbers, weights_of


@dataclass(frozen=True, eq=False)
class ScoreCounts:
    """A histogram of the scores of one group: made by `count_scores` from rows, or given as published.

    Attributes:
        scores: (S,) float64, distinct and rising; each is a possible threshold.
        negatives: (S,) float64 >= 0, the people (or their weights) of this score with label 0.
        positives: (S,) float64 >= 0, those with label 1.

    Raises:
        ValueError: if the lengths differ, a number is not finite, scores do not rise, a count is negative, or all
            counts are 0.
    """

    scores: np.ndarray
    negatives: np.ndarray
    positives: np.ndarray

    def __post_init__(self) -> None:
        for name in ("scores", "negatives", "positives"):
            column = number_column(getattr(self, name), name)
            if not np.isfinite(column).all():
                raise ValueError(f"{name} must be finite; got {column[~np.isfinite(column)][0]}")
            object.__setattr__(self, name, column)
        check_lengths(scores=len(self.scores), negatives=len(self.negatives), positives=len(self.positives))
        if not (np.diff(self.scores) > 0).all():
            raise ValueError("scores must be distinct and rise; sort them, and add up the counts of equal ones")
        least = min(self.negatives.min(), self.positives.min())
        if least < 0:
            raise ValueError(f"counts must be at least 0; got {least}")
        if not self.size > 0:
            raise ValueError("a group needs at least one person; all counts are 0")

    @classmethod
    def from_rates(
        cls, thresholds: Values, fpr: Values, tpr: Values, *, negatives: float, positives: float
    ) -> ScoreCounts:
        """The histogram behind a published ROC curve: who lies between two thresholds has the lower one as score.

        Args:
            thresholds: (S,) rising; the lowest accepts everybody.
            fpr: (S,) P(score >= threshold | y = 0), from 1 downwards.
            tpr: (S,) P(score >= threshold | y = 1), from 1 downwards.
            negatives: the people of label 0, or their share.
            positives: the people of label 1, or their share.

        Raises:
            ValueError: if a rate does not start at 1 or rises, or as the class.
        """
        counts = []
        for name, rates, people in (("fpr", fpr, negatives), ("tpr", tpr, positives)):
            rates = number_column(rates, name)
            if rates[0] != 1 or not (np.diff(rates, append=0) <= 0).all():
                raise ValueError(f"{name} must fall from 1 (everybody) and not below 0; got {rates.tolist()}")
            counts.append(-np.diff(rates, append=0) * people)
        return cls(number_column(thresholds, "scores"), *counts)

    @property
    def size(self) -> float:
        """The people of the group, or their weight."""
        return float(self.negatives.sum() + self.positives.sum())


GroupScores = Mapping[Hashable, ScoreCounts]


def count_scores(
    y_true: Values, scores: Values, *, sensitive_features: SensitiveFeatures, sample_weight: Values | None = None
) -> dict[Hashable, ScoreCounts]:
    """The histogram of scores in each group.

    Args:
        y_true: (N,) 0 and 1, or bool; N at least 1.
        scores: (N,) finite numbers; the higher, the likelier label 1. Integers must be exact as float64.
        sensitive_features: (N,) or several columns, as in `find_groups`.
        sample_weight: (N,) >= 0; None counts every row once. A row of weight 0 is as good as absent.

    Returns:
        A histogram for each group, in sorted order; equal scores are one entry.

    Raises:
        ValueError: if an input is bad, lengths differ, a score is NaN or infinite, or a group's weights are all 0.

    Example:
        >>> counts = count_scores([0, 1, 1], [600, 600, 700], sensitive_features=["a", "a", "a"])["a"]
        >>> counts.scores.tolist(), counts.negatives.tolist(), counts.positives.tolist()
        ([600.0, 700.0], [1.0, 0.0], [1.0, 1.0])
    """
    positive, values, groups = binary(y_true, "y_true"), finite_scores(scores), find_groups(sensitive_features)
    check_lengths(y_true=len(positive), scores=len(values), sensitive_features=len(groups.codes))
    weights = weights_of(sample_weight, len(values))
    counts = {}
    for code, group in enumerate(groups.labels):
        rows = np.flatnonzero(groups.codes == code)
        rows = rows if weights is None else rows[weights[rows] > 0]
        if not len(rows):
            raise ValueError(f"group {group!r} must have a row of positive weight; leave the group out")
        counts[group] = _histogram(values[rows], positive[rows], None if weights is None else weights[rows])
    return counts


def finite_scores(scores: Values) -> np.ndarray:
    """(N,) float64 of the scores.

    Raises:
        ValueError: if they are not (N,) numbers with N >= 1, or one is NaN or infinite.
    """
    column = number_column(scores, "scores")
    if not np.isfinite(column).all():
        raise ValueError(f"scores must be finite; got {column[~np.isfinite(column)][0]}")
    return column


def check_both_labels(counts: GroupScores) -> None:
    """Refuse groups whose error rates do not exist.

    Raises:
        ValueError: if there is no group, or one has nobody of label 0 or nobody of label 1.
    """
    if not counts:
        raise ValueError("at least one group was expected; got none")
    for group, spread in counts.items():
        for label, people in enumerate((spread.negatives, spread.positives)):
            if not people.any():
                raise ValueError(
                    f"group {group!r} must have both labels; nobody has label {label}, so a rate of it does not exist"
                )


def check_costs(false_positive_cost: float, false_negative_cost: float) -> None:
    """Refuse costs that are no loss.

    Raises:
        ValueError: if a cost is negative or not finite, or both are 0.
    """
    costs = numbers([false_positive_cost, false_negative_cost], "costs")
    if not (np.isfinite(costs).all() and (costs >= 0).all() and costs.any()):
        raise ValueError(
            "the costs of a false positive and a false negative must be finite, at least 0, and not both 0; "
            f"got {false_positive_cost} and {false_negative_cost}"
        )


def _histogram(scores: np.ndarray, positive: np.ndarray, weights: np.ndarray | None) -> ScoreCounts:
    order = np.argsort(scores)
    scores, positive = scores[order], positive[order]
    weights = np.ones(len(scores)) if weights is None else weights[order]
    starts = np.flatnonzero(np.concatenate(([True], scores[1:] != scores[:-1])))
    return ScoreCounts(
        scores[starts],
        np.add.reduceat(np.where(positive, 0, weights), starts),
        np.add.reduceat(np.where(positive, weights, 0), starts),
    )
