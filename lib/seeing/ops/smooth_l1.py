"""Smooth L1: a parabola near 0, straight lines away from it."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.checks import check_one_device
from seeing.ops.reduction import Reduction, check_reduction, reduce_loss


@takes_arrays("input", "target")
def smooth_l1_loss(input: Tensor, target: Tensor, beta: float = 1.0, *, reduction: Reduction = "mean") -> Tensor:
    """With d = |input - target|: d^2 / (2 beta) below beta, and d - beta / 2 from there on.

    As `torch.nn.functional.smooth_l1_loss`, except that the shapes must agree (a broadcast loss is nearly always a
    mistake) and that the mean of nothing is 0 and not NaN: an image without objects has no offsets to learn.

    Args:
        input: any shape, floating point.
        target: shaped as input.
        beta: where the parabola meets the line, at least 0; 0 gives the plain L1 loss.
        reduction: "none", "mean" or "sum".

    Returns:
        The loss, at least 0; its slope is never over 1.

    Raises:
        ValueError: if the shapes differ, beta is negative, the devices differ, or the reduction is unknown.

    Example:
        >>> smooth_l1_loss(torch.tensor([0.5, 3.0]), torch.zeros(2), reduction="none")  # a parabola, then a line
        tensor([0.1250, 2.5000])

    Source: Girshick, Fast R-CNN (2015), equation 3, with beta = 1.
    """
    check_reduction(reduction)
    if input.shape != target.shape or not input.is_floating_point():
        raise ValueError(
            f"input must be floating point and target of the same shape; got {input.dtype} {tuple(input.shape)} "
            f"and {tuple(target.shape)}"
        )
    check_one_device(input=input, target=target)
    if not beta >= 0:
        raise ValueError(f"beta must be at least 0; got {beta}")
    if input.numel() == 0:
        return reduce_loss(input * 0, reduction)
    return F.smooth_l1_loss(input, target, reduction=reduction, beta=beta)
