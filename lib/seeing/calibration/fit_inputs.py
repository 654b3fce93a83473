"""What the calibration fits take: scores, what then happened, and how much each row counts.

All fits share one form. `fit_x(scores, labels, *, sample_weight=None)` gives a small frozen object; that object, called
with new scores, gives calibrated probabilities. Scores are a tensor, an array or a sequence. The probabilities are
always a tensor, on the device of the scores if these were a tensor, and of their floating-point type, but at least
float32. A fit computes in float64.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from seeing.arrays import as_tensor
from seeing.metrics.forecasts import result_type


def as_scores(values: Any, name: str = "scores", dims: tuple[int, ...] = (1,)) -> Tensor:
    """Finite scores, (N,) or (N, K), floating point.

    Args:
        values: a tensor, an array or a sequence; integers become torch's default type.
        name: for the message of an error.
        dims: how many dimensions they may have.

    Raises:
        ValueError: if the shape is wrong, or one is NaN or infinite.
    """
    scores = as_tensor(values, name)
    if not scores.is_floating_point() and not scores.is_complex():
        scores = scores.to(torch.get_default_dtype())
    if scores.dim() not in dims or scores.is_complex() or 0 in scores.shape[1:]:
        shapes = " or ".join({1: "(N,)", 2: "(N, K)"}[d] for d in dims)
        raise ValueError(f"{name} must be {shapes} real numbers; got {scores.dtype} {tuple(scores.shape)}")
    wrong = ~scores.detach().isfinite()
    if bool(wrong.any()):
        raise ValueError(f"{name} must be finite; got {scores[wrong][0].item()}: clip probabilities before their log")
    return scores.to(result_type(scores))


def as_probabilities(values: Any) -> Tensor:
    """Probabilities of y = 1, (N,).

    Raises:
        ValueError: as `as_scores`, or if one lies outside [0, 1].
    """
    probabilities = as_scores(values, "probabilities")
    outside = (probabilities < 0) | (probabilities > 1)
    if bool(outside.any()):
        raise ValueError(f"probabilities must lie in [0, 1]; got {probabilities[outside][0].item()}")
    return probabilities


def as_outcomes(scores: Tensor, labels: Any, sample_weight: Any, classes: int = 2) -> tuple[Tensor, Tensor]:
    """Labels (N,) int64 and weights (N,) float64 beside scores, on their device.

    Args:
        scores: (N, ...), of `as_scores`.
        labels: (N,) integers 0..classes - 1, or bool.
        sample_weight: (N,) finite, at least 0, in any unit; None if every row counts once.
        classes: K.

    Raises:
        ValueError: if they are not these, or no row counts.
    """
    labels = as_tensor(labels, "labels")
    if labels.shape != scores.shape[:1] or labels.is_floating_point() or labels.is_complex():
        raise ValueError(
            f"labels must be (N,) integers or bool, N = {len(scores)}; got {labels.dtype} {tuple(labels.shape)}"
        )
    labels = labels.to(scores.device, torch.int64)
    outside = (labels < 0) | (labels > classes - 1)
    if bool(outside.any()):
        raise ValueError(f"labels must lie in 0..{classes - 1}; got {labels[outside][0].item()}")
    weights = torch.ones(len(scores)) if sample_weight is None else as_tensor(sample_weight, "sample_weight").detach()
    if weights.shape != scores.shape[:1]:
        raise ValueError(f"sample_weight must be (N,) with N = {len(scores)}; got {tuple(weights.shape)}")
    wrong = ~(weights.isfinite() & (weights >= 0))
    if bool(wrong.any()):
        raise ValueError(f"sample_weight must be finite and at least 0; got {weights[wrong][0].item()}")
    if not bool((weights > 0).any()):
        raise ValueError(f"a calibration needs at least one row of positive weight; got {len(scores)} rows without")
    return labels, weights.to(scores.device, torch.float64)


def check_both_classes(labels: Tensor, weights: Tensor) -> None:
    """Refuse rows of one class only, of which no calibration of y = 1 can be learned.

    Raises:
        ValueError: if the rows of positive weight all have one label.
    """
    present = labels[weights > 0].unique()
    if len(present) < 2:
        raise ValueError(
            f"labels must hold both classes, 0 and 1; got only {present.tolist()[0]}: add rows of the other"
        )
