"""What the calibration metrics take: probabilities, what then happened, and the one event that each row bets on."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.kernels import backend


def event(probabilities: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The event that each row speaks of: how likely it was said to be, and whether it happened.

    For probabilities of K classes the event is "the class with the highest one is right", as in top-label
    calibration; of equal classes the first is meant. For one probability a row it is y = 1. So (N, 2) and (N,) are two
    questions about a binary classifier: how sure it is of its answer, and how likely the positive class is.

    Args:
        probabilities: (N, K), rows that sum to 1, or (N,), of y = 1; floating point in [0, 1].
        labels: (N,) integers 0..K-1; beside (N,) probabilities 0 and 1, or bool.

    Returns:
        The event's probability, (N,) of the input's type, and whether it happened, (N,) bool.

    Raises:
        ValueError: if shapes, types or devices are not these, a probability is NaN or outside [0, 1], a row's sum is
            off by more than .001 (half-precision types: twice their step at 1), or a label is out of range.
    """
    check_shapes(probabilities, labels)
    if probabilities.dtype in (torch.float32, torch.float64) and backend(probabilities, labels) == "numba":
        from seeing.kernels.cpu.calibration import binary_hits, top_label

        if probabilities.dim() == 2:
            likeliest = top_label(probabilities, labels)
            if likeliest is not None:
                return likeliest
        else:
            hits = binary_hits(probabilities, labels)
            if hits is not None:
                return probabilities, hits
    check_values(probabilities, labels)
    if probabilities.dim() == 1:
        return probabilities, labels == 1
    confidence, answer = probabilities.max(1)
    return confidence, answer == labels


def check_forecasts(probabilities: Tensor, labels: Tensor) -> None:
    """Refuse what `event` refuses.

    Raises:
        ValueError: as `event`.
    """
    event(probabilities.detach(), labels)  # its loop on the CPU checks all rows in one pass


def check_shapes(probabilities: Tensor, labels: Tensor) -> None:
    """The part of the check that needs no look at the values."""
    if probabilities.dim() not in (1, 2) or not probabilities.is_floating_point() or 0 in probabilities.shape[1:]:
        raise ValueError(
            "probabilities must be floating point, (N, K) or (N,); "
            f"got {probabilities.dtype} {tuple(probabilities.shape)}"
        )
    if labels.shape != probabilities.shape[:1]:
        raise ValueError(f"labels must be (N,) with N = {len(probabilities)}; got {tuple(labels.shape)}")
    binary = probabilities.dim() == 1
    if labels.is_floating_point() or labels.is_complex() or (labels.dtype == torch.bool and not binary):
        raise ValueError(f"labels must be integers{' or bool' if binary else ''}; got {labels.dtype}")
    if probabilities.device != labels.device:
        raise ValueError(
            f"probabilities and labels must be on one device; got {probabilities.device} and {labels.device}"
        )


def check_values(probabilities: Tensor, labels: Tensor) -> None:
    """The part of the check that looks at the values."""
    probabilities = probabilities.detach()
    inside = (probabilities >= 0) & (probabilities <= 1)  # False for NaN
    if not bool(inside.all()):
        raise ValueError(f"probabilities must lie in [0, 1]; got {probabilities[~inside][0].item()}")
    last = 1
    if probabilities.dim() == 2:
        last = probabilities.shape[1] - 1
        total = probabilities.sum(1, dtype=result_type(probabilities))
        off = (total - 1).abs() > row_tolerance(probabilities)
        if bool(off.any()):
            raise ValueError(f"each row of probabilities must sum to 1, as after a softmax; got {total[off][0].item()}")
    outside = (labels < 0) | (labels > last)
    if bool(outside.any()):
        raise ValueError(f"labels must lie in 0..{last}; got {labels[outside][0].item()}")


def row_tolerance(probabilities: Tensor) -> float:
    """How far from 1 the sum of a row may be: rounding, but not a forgotten class."""
    return max(1e-3, 2 * torch.finfo(probabilities.dtype).eps)


def result_type(probabilities: Tensor) -> torch.dtype:
    """The type of a score: that of the probabilities, but at least float32."""
    return torch.promote_types(probabilities.dtype, torch.float32)
