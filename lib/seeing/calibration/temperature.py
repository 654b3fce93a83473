"""Temperature scaling: one number that makes a classifier as sure as it is right, and changes none of its answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from seeing.calibration.fit_inputs import as_outcomes, as_scores

LIMIT = math.exp(10)
"""Temperatures lie in [1 / LIMIT, LIMIT], as scikit-learn's do."""
STEPS = 200


@dataclass(frozen=True)
class TemperatureScaling:
    """Divides logits by a temperature; called with logits, it gives probabilities.

    Attributes:
        temperature: T > 0. Over 1 for a model that was too sure.
    """

    temperature: float

    def __call__(self, logits: Any) -> Tensor:
        """softmax(logits / T); of (N,) logits, sigmoid(logits / T).

        Args:
            logits: (N, K), or (N,) of y = 1; finite.

        Returns:
            As many probabilities, in the form that `fit_inputs` describes.

        Raises:
            ValueError: as `as_scores`.
        """
        logits = as_scores(logits, "logits", (1, 2))
        scaled = logits.double() / self.temperature
        return (scaled.sigmoid() if logits.dim() == 1 else scaled.softmax(1)).to(logits.dtype)


def fit_temperature(logits: Any, labels: Any, *, sample_weight: Any = None) -> TemperatureScaling:
    """The temperature of least negative log-likelihood.

    The likelihood is convex in 1 / T, so there is one best T, if any: Newton's method finds it, kept inside a
    bracket that shrinks. Without the bracket a step from nearly flat ground, where the logits are so large that each
    softmax is 0 or 1, leads far away.

    Where the best T is not between exp(-10) and exp(10), that limit comes out. This is so if every label has the
    highest logit (T to 0: nothing speaks against being sure), or if the labels' logits are on average no higher than
    the others (T to infinity). If every row has K equal logits, T makes no difference and is 1.

    Args:
        logits: (N, K), or (N,) of y = 1; finite. Of probabilities, take the logarithm, clipped away from 0.
        labels: (N,) integers 0..K-1; beside (N,) logits 0 and 1, or bool. They need not hold every class.
        sample_weight: (N,) at least 0, how much each row counts; None for equal weights.

    Raises:
        ValueError: if shapes differ, a number is out of its range or not finite, or no row counts.

    Example:
        >>> scaling = fit_temperature([4.0, 4.0, 4.0, 4.0], [1, 1, 1, 0])  # sure by 98%, right by 75%
        >>> scaling([4.0])
        tensor([0.7500], dtype=torch.float64)

    Source: Guo et al., On calibration of modern neural networks (2017), section 4.2.
    """
    scores = as_scores(logits, "logits", (1, 2)).detach()
    labels, weights = as_outcomes(scores, labels, sample_weight, 2 if scores.dim() == 1 else scores.shape[1])
    rows = scores.double()
    if rows.dim() == 1:
        rows = torch.stack([torch.zeros_like(rows), rows], 1)
    counted = weights > 0
    rows, labels, weights = rows[counted], labels[counted], weights[counted] / weights.sum()
    rows = rows - rows.amax(1, keepdim=True)  # a shift of a row changes nothing but the rounding
    target = weights @ rows.gather(1, labels[:, None])[:, 0]
    return TemperatureScaling(1 / _best_inverse(rows, weights, target))


def _best_inverse(rows: Tensor, weights: Tensor, target: Tensor) -> float:
    """The b = 1 / T at which the mean of softmax(b rows) . rows is the target, in the limits."""
    if not bool(rows.any()):
        return 1.0
    low, high = 1 / LIMIT, LIMIT
    if _slope(rows, weights, target, low)[0] >= 0:
        return low
    if _slope(rows, weights, target, high)[0] <= 0:
        return high
    inverse = 1.0
    for _ in range(STEPS):
        slope, curvature = _slope(rows, weights, target, inverse)
        low, high = (low, inverse) if slope > 0 else (inverse, high)
        step = inverse - slope / curvature if curvature > 0 else math.inf
        following = step if low < step < high else math.sqrt(low * high)
        if abs(following - inverse) <= 1e-12 * inverse:
            break
        inverse = following
    return inverse


def _slope(rows: Tensor, weights: Tensor, target: Tensor, inverse: float) -> tuple[float, float]:
    """First and second derivative of the negative log-likelihood by 1 / T."""
    chances = (inverse * rows).softmax(1)
    mean = (chances * rows).sum(1)
    variance = (chances * (rows - mean[:, None]) ** 2).sum(1)
    return float(weights @ mean - target), float(weights @ variance)
