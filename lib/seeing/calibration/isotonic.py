"""Isotonic calibration: the rising curve that fits best, whatever its shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from seeing.calibration.fit_inputs import as_outcomes, as_scores, check_both_classes


@dataclass(frozen=True, eq=False)
class IsotonicCalibration:
    """A rising curve through M points: straight lines between them, level before the first and after the last.

    Attributes:
        scores: (M,) float64, ascending.
        probabilities: (M,) float64 in [0, 1], ascending: P(y = 1) at these scores.
    """

    scores: Tensor
    probabilities: Tensor

    def __call__(self, scores: Any) -> Tensor:
        """The probabilities of y = 1.

        Args:
            scores: (N,) finite, of the kind that was fitted.

        Returns:
            (N,), in the form that `fit_inputs` describes.

        Raises:
            ValueError: as `as_scores`.
        """
        given = as_scores(scores)
        knots, heights = self.scores.to(given.device), self.probabilities.to(given.device)
        where = given.double().clamp(knots[0], knots[-1])
        after = torch.searchsorted(knots, where.detach()).clamp(max=len(knots) - 1)
        before = (after - 1).clamp(min=0)
        gap = knots[after] - knots[before]
        share = torch.where(gap > 0, (where - knots[before]) / torch.where(gap > 0, gap, 1), 1)
        return torch.lerp(heights[before], heights[after], share).to(given.dtype)


def fit_isotonic(scores: Any, labels: Any, *, sample_weight: Any = None) -> IsotonicCalibration:
    """The rising curve of least squared error, by pooling neighbours that fall.

    Rows of equal scores share one point. Separable scores give 0 up to the highest score of y = 0, 1 from the lowest
    of y = 1, and a line between. Scores that rank the classes the wrong way round give the base rate everywhere.

    Args:
        scores: (N,) finite real numbers, higher for y = 1.
        labels: (N,) 0 and 1, or bool; both must occur.
        sample_weight: (N,) at least 0, how much each row counts; None for equal weights.

    Raises:
        ValueError: if shapes differ, a number is out of its range or not finite, or only one class counts.

    Example:
        >>> curve = fit_isotonic([1.0, 2.0, 3.0], [0, 1, 0])  # the last two fall, so they are pooled
        >>> curve([1.0, 2.0, 3.0])
        tensor([0.0000, 0.5000, 0.5000], dtype=torch.float64)

    Source: Zadrozny and Elkan, Transforming classifier scores into accurate multiclass probability estimates (2002),
        section 3.
    """
    scores = as_scores(scores).detach()
    labels, weights = as_outcomes(scores, labels, sample_weight)
    check_both_classes(labels, weights)
    counted = weights > 0
    knots, index = scores.double()[counted].unique(return_inverse=True)
    empty = torch.zeros_like(knots)
    totals = empty.index_add(0, index, weights[counted])
    positives = empty.index_add(0, index, weights[counted] * labels[counted])
    heights = torch.tensor(pool_adjacent((positives / totals).tolist(), totals.tolist()), dtype=torch.float64)
    # Inside a level stretch a point says nothing that its two ends do not.
    needed = torch.ones(len(heights), dtype=torch.bool)
    needed[1:-1] = (heights[1:-1] != heights[:-2]) | (heights[1:-1] != heights[2:])
    return IsotonicCalibration(knots.cpu()[needed], heights[needed])


def pool_adjacent(values: list[float], weights: list[float]) -> list[float]:
    """The rising sequence nearest to the values, in weighted squares: neighbours that fall are set to their mean.

    Args:
        values: M numbers.
        weights: M, over 0.

    Returns:
        M numbers, each at least the one before.
    """
    blocks: list[tuple[float, float, int]] = []  # mean, weight, length
    for mean, weight in zip(values, weights, strict=True):
        length = 1
        while blocks and blocks[-1][0] >= mean:
            above, mass, size = blocks.pop()
            mean = (above * mass + mean * weight) / (mass + weight)
            weight, length = weight + mass, length + size
        blocks.append((mean, weight, length))
    return [mean for mean, _, length in blocks for _ in range(length)]
