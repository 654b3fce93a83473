"""Platt scaling: a sigmoid that turns any score, such as a margin, into a probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from seeing.calibration.fit_inputs import as_outcomes, as_scores, check_both_classes

STEPS = 100
HALVINGS = 40


@dataclass(frozen=True)
class PlattScaling:
    """P(y = 1) = sigmoid(slope * score + intercept); Platt's own A and B are -slope and -intercept.

    Attributes:
        slope: over 0 where higher scores speak for y = 1.
        intercept: log-odds at score 0.
    """

    slope: float
    intercept: float

    def __call__(self, scores: Any) -> Tensor:
        """The probabilities of y = 1.

        Args:
            scores: (N,) finite, of the kind that was fitted.

        Returns:
            (N,), in the form that `fit_inputs` describes.

        Raises:
            ValueError: as `as_scores`.
        """
        scores = as_scores(scores)
        return (self.slope * scores.double() + self.intercept).sigmoid().to(scores.dtype)


def fit_platt(scores: Any, labels: Any, *, sample_weight: Any = None, smooth: bool = True) -> PlattScaling:
    """The sigmoid of least cross-entropy, by Newton's method with a line search.

    Args:
        scores: (N,) finite real numbers.
        labels: (N,) 0 and 1, or bool; both must occur.
        sample_weight: (N,) at least 0, how much each row counts; None for equal weights.
        smooth: aim at (n1 + 1) / (n1 + 2) and 1 / (n0 + 2) rather than at 1 and 0, with n1 and n0 the summed weights
            of the two classes. So scores that separate the classes give a steep sigmoid, but a finite one. False
            gives logistic regression without a penalty.

    Returns:
        The sigmoid. If all scores are equal, its slope is 0.

    Raises:
        ValueError: if shapes differ, a number is out of its range or not finite, only one class counts, or `smooth`
            is False and a threshold separates the classes, so that no sigmoid is the best.

    Example:
        >>> scaling = fit_platt([-1.0, -1.0, 1.0, 1.0], [0, 0, 1, 1])
        >>> scaling([1.0])  # (2 + 1) / (2 + 2): two of two are not certainty
        tensor([0.7500], dtype=torch.float64)

    Source: Platt, Probabilistic outputs for support vector machines (1999), section 2.2; Lin, Lin and Weng, A note on
        Platt's probabilistic outputs (2007), for the line search.
    """
    scores = as_scores(scores).detach()
    labels, weights = as_outcomes(scores, labels, sample_weight)
    check_both_classes(labels, weights)
    counted = weights > 0
    values, positive, weights = scores.double()[counted], labels[counted] == 1, weights[counted]
    if smooth:
        ones, zeros = weights[positive].sum(), weights[~positive].sum()
        aim = torch.where(positive, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    else:
        _check_overlap(values[positive], values[~positive])
        aim = positive.double()
    weights = weights / weights.sum()
    # Newton's method is at home where scores are about 1 in size.
    centre = (values.amin() + values.amax()) / 2
    scale = (values - centre).abs().amax()
    scale = torch.where(scale > 0, scale, 1)
    slope, intercept = _newton((values - centre) / scale, aim, weights) / torch.stack([scale, torch.ones_like(scale)])
    return PlattScaling(float(slope), float(intercept - slope * centre))


def _check_overlap(ones: Tensor, zeros: Tensor) -> None:
    # Equal scores only (all of them) are no separation: the slope is then 0.
    apart = ones.amin() >= zeros.amax() or zeros.amin() >= ones.amax()
    same = ones.amin() == ones.amax() == zeros.amin() == zeros.amax()
    if apart and not same:
        raise ValueError("a threshold separates the classes, so that the slope has no limit: use smooth=True")


def _newton(values: Tensor, aim: Tensor, weights: Tensor) -> Tensor:
    """(2,): slope and intercept of least cross-entropy, for values of about 1 in size."""
    design = torch.stack([values, torch.ones_like(values)], 1)
    rate = weights @ aim
    best = torch.stack([torch.zeros_like(rate), rate.logit()])
    ridge = 1e-14 * torch.eye(2, dtype=torch.float64, device=values.device)  # for values that are all equal

    def loss(parameters: Tensor) -> Tensor:
        logits = design @ parameters
        return weights @ (F.softplus(logits) - aim * logits)

    for _ in range(STEPS):
        chances = (design @ best).sigmoid()
        gradient = design.T @ (weights * (chances - aim))
        curvature = (design * (weights * chances * (1 - chances))[:, None]).T @ design + ridge
        step = torch.linalg.solve(curvature, gradient)
        before, decrease = loss(best), gradient @ step
        # The loss cannot show a smaller decrease than its own rounding: then the last full step is right.
        if decrease <= 1e-13 * before.abs():
            return best - step
        for halving in range(HALVINGS):
            following = best - step / 2**halving
            if loss(following) <= before - 1e-4 * decrease / 2**halving:
                break
        best = following
    return best
