"""The ROC curve of a group, and its convex hull: what thresholds reach, and what a coin between two of them reaches."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from seeing.fairness.thresholds.score_counts import ScoreCounts, check_both_labels

SLOW = 0.9
"""Once a pass over all points keeps more than this share of them, the rest is done point by point."""


@dataclass(frozen=True, eq=False)
class RocCurve:
    """Points of "yes if the score is at least the threshold", from nobody to everybody.

    Attributes:
        thresholds: (T,) float64, falling: infinity (nobody), scores that occur, and -infinity (everybody).
        false_positives: (T,) float64, the people of label 0 who get a yes.
        true_positives: (T,) float64, the people of label 1 who get a yes.
        negatives: all people of label 0, > 0.
        positives: all people of label 1, > 0.
    """

    thresholds: np.ndarray
    false_positives: np.ndarray
    true_positives: np.ndarray
    negatives: float
    positives: float

    @property
    def fpr(self) -> np.ndarray:
        """(T,) false-positive rates P(yes | y = 0), rising from 0 to 1."""
        return self.false_positives / self.negatives

    @property
    def tpr(self) -> np.ndarray:
        """(T,) true-positive rates P(yes | y = 1), rising from 0 to 1."""
        return self.true_positives / self.positives

    @property
    def selection_rate(self) -> np.ndarray:
        """(T,) shares of the group who get a yes, rising from 0 to 1."""
        return (self.false_positives + self.true_positives) / (self.negatives + self.positives)

    @property
    def area(self) -> float:
        """The area under the curve in [0, 1]: .5 is chance, 1 is ideal. Under a hull, that of the hull."""
        fpr, tpr = self.fpr, self.tpr
        return float((np.diff(fpr) * (tpr[1:] + tpr[:-1])).sum() / 2)

    def points(self, which: np.ndarray) -> RocCurve:
        """Some of the points: those at some indices, or where a bool array is True."""
        return replace(
            self,
            thresholds=self.thresholds[which],
            false_positives=self.false_positives[which],
            true_positives=self.true_positives[which],
        )


def roc_curve(counts: ScoreCounts) -> RocCurve:
    """Every point that a threshold reaches: T = S + 1 of them, one for each distinct score and one for nobody.

    People with equal scores are accepted together. A score equal to the threshold is accepted (>=, never >). The last
    threshold is -infinity rather than the lowest score, so that a rule which accepts everybody does so for new people.

    Args:
        counts: the scores of one group, with both labels.

    Raises:
        ValueError: if nobody has label 0, or nobody has label 1.

    Example:
        >>> counts = count_scores([0, 1, 0, 1], [1, 2, 3, 4], sensitive_features=["a"] * 4)["a"]
        >>> curve = roc_curve(counts)
        >>> curve.false_positives.tolist(), curve.true_positives.tolist()
        ([0.0, 0.0, 1.0, 1.0, 2.0], [0.0, 1.0, 1.0, 2.0, 2.0])

    Source: Fawcett, An introduction to ROC analysis (2006), algorithm 1.
    """
    check_both_labels({"of this curve": counts})
    thresholds = np.concatenate(([np.inf], counts.scores[:0:-1], [-np.inf]))
    accepted = [np.concatenate(([0], np.cumsum(people[::-1]))) for people in (counts.negatives, counts.positives)]
    false_positives, true_positives = accepted
    return RocCurve(thresholds, false_positives, true_positives, float(false_positives[-1]), float(true_positives[-1]))


def convex_hull(curve: RocCurve) -> RocCurve:
    """The corners of the upper convex hull, from (0, 0) to (1, 1).

    A point between two corners is reached by tossing a coin between their thresholds. The hull is never under the
    diagonal, as its ends are the two constant answers. For whole-number counts it is exact.

    Args:
        curve: T >= 2 points, rising.

    Returns:
        Those points that lie above the line between any two others; no three are on one line.

    Example:
        >>> counts = count_scores([0, 1, 0, 1], [1, 2, 3, 4], sensitive_features=["a"] * 4)["a"]
        >>> hull = convex_hull(roc_curve(counts))  # the dent at (1, 1) goes
        >>> hull.false_positives.tolist(), hull.true_positives.tolist()
        ([0.0, 0.0, 1.0, 2.0], [0.0, 1.0, 2.0, 2.0])

    Source: Provost and Fawcett, Robust classification for imprecise environments (2001).
    """
    points = np.stack([curve.false_positives, curve.true_positives], axis=1)
    kept = np.arange(len(points))
    while len(kept) > 2:
        # Under the line between its neighbours a point is no corner, even if those go in the same pass.
        x, y = points[kept].T
        rise = (y[1:-1] - y[:-2]) * (x[2:] - x[:-2])
        corner = np.concatenate(([True], rise > (y[2:] - y[:-2]) * (x[1:-1] - x[:-2]), [True]))
        if corner.all():
            break
        done, kept = corner.mean() > SLOW, kept[corner]
        if done:
            kept = kept[_monotone_chain(points[kept])]
            break
    return curve.points(kept)


def _monotone_chain(points: np.ndarray) -> np.ndarray:
    """The indices of the corners of (T, 2) points."""
    corners: list[int] = []
    rows = points.tolist()
    for index, (x, y) in enumerate(rows):
        while len(corners) >= 2:
            (x0, y0), (x1, y1) = rows[corners[-2]], rows[corners[-1]]
            if (y1 - y0) * (x - x0) > (y - y0) * (x1 - x0):
                break
            corners.pop()
        corners.append(index)
    return np.array(corners)
