"""Focal loss: cross-entropy that fades where the answer is already right, so that easy background cannot drown it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.checks import check_one_device
from seeing.ops.cross_entropy import VOID
from seeing.ops.label_checks import check_class_labels
from seeing.ops.reduction import Reduction, check_reduction, reduce_loss


@takes_arrays("inputs", "targets")
def sigmoid_focal_loss(
    inputs: Tensor,
    targets: Tensor,
    alpha: float = 0.25,
    gamma: float = 2,
    reduction: Reduction = "none",
) -> Tensor:
    """Focal loss of independent yes-or-no answers: alpha_t (1 - p_t)^gamma times the binary cross-entropy.

    p_t is the probability given to the right answer, alpha_t is alpha for a yes and 1 - alpha for a no. Equal to
    torchvision's, except that the mean of nothing is 0 and that the gradient stays finite for gamma under 1.

    Args:
        inputs: logits, any shape.
        targets: shaped as inputs: 1 for yes, 0 for no; what lies between mixes both.
        alpha: weight of a yes, in [0, 1]; -1 for no weights.
        gamma: how fast an easy answer fades, at least 0; 0 gives the plain cross-entropy.
        reduction: "none", "mean" or "sum".

    Returns:
        The loss. It is finite for logits of any finite size.

    Raises:
        ValueError: if the shapes differ, inputs are not floating point, alpha or gamma is out of its range, the
            devices differ, or the reduction is unknown.

    Example:
        >>> logits = torch.zeros(1)  # p = 1/2, so (1/2)^2 of a quarter of log 2
        >>> sigmoid_focal_loss(logits, torch.ones(1))
        tensor([0.0433])

    Source: Lin et al., Focal loss for dense object detection (2017), equation 5.
    """
    check_reduction(reduction)
    if inputs.shape != targets.shape or not inputs.is_floating_point():
        raise ValueError(
            f"inputs must be floating point, and targets of one shape with them; got {inputs.dtype} "
            f"{tuple(inputs.shape)} and {tuple(targets.shape)}"
        )
    check_one_device(inputs=inputs, targets=targets)
    if not (0 <= alpha <= 1 or alpha == -1):
        raise ValueError(f"alpha must be in [0, 1], or -1 for no weights; got {alpha}")
    _check_gamma(gamma)
    targets = targets.to(inputs.dtype)
    # 1 - p_t = p (1 - t) + (1 - p) t = t + p (1 - 2t): one product less, and no 1 - (1 - p).
    wrong = torch.addcmul(targets, inputs.sigmoid(), 1 - 2 * targets)
    loss = F.binary_cross_entropy_with_logits(inputs, targets, reduction="none") * _fade(wrong, gamma)
    if alpha >= 0:
        loss = loss * ((2 * alpha - 1) * targets + (1 - alpha))
    return reduce_loss(loss, reduction)


@takes_arrays("inputs", "targets", "weight")
def softmax_focal_loss(
    inputs: Tensor,
    targets: Tensor,
    weight: Tensor | None = None,
    gamma: float = 2,
    *,
    ignore_index: int = VOID,
    reduction: Reduction = "none",
) -> Tensor:
    """Focal loss of one answer among C classes: (1 - p_t)^gamma times the cross-entropy.

    Args:
        inputs: (C,), (N, C) or (N, C, d1, d2, ...) logits.
        targets: int64 or uint8 classes 0..C-1 or `ignore_index`, shaped as inputs without C.
        weight: (C,) factors of the classes, the paper's alpha.
        gamma: how fast an easy answer fades, at least 0; 0 gives the plain cross-entropy.
        ignore_index: the label that does not count: its loss is 0.
        reduction: "none" gives targets' shape; "mean" divides by the number of elements that are not void (by 1 if
            there is none), whatever their weights; "sum".

    Returns:
        The loss. It is finite for logits of any finite size.

    Raises:
        ValueError: if shapes or dtypes do not fit, a label is out of range, gamma is negative, the devices differ, or
            the reduction is unknown.

    Example:
        >>> softmax_focal_loss(torch.zeros(1, 2), torch.tensor([0]))  # (1/2)^2 log 2
        tensor([0.1733])

    Source: Lin et al., Focal loss for dense object detection (2017), section 3.2 and its footnote on many classes.
    """
    check_reduction(reduction)
    check_class_labels(inputs, targets, ignore_index, weight)
    _check_gamma(gamma)
    counts = targets != ignore_index
    labels = targets.long().masked_fill(~counts, 0)
    classes = min(1, inputs.dim() - 1)  # the dimension of C
    log_p = inputs.log_softmax(classes).gather(classes, labels.unsqueeze(classes)).squeeze(classes)  # (N, d1, ...)
    loss = -log_p * _fade(-torch.expm1(log_p), gamma)
    if weight is not None:
        loss = loss * weight[labels]
    loss = torch.where(counts, loss, 0)
    if reduction == "mean":
        return loss.sum() / counts.sum().clamp(min=1)
    return reduce_loss(loss, reduction)


def _fade(wrong: Tensor, gamma: float) -> Tensor:
    """(1 - p_t)^gamma. For gamma under 1 its slope at 0 is infinite, and infinity times a loss of 0 is NaN."""
    if gamma < 1:
        wrong = wrong.clamp(min=torch.finfo(wrong.dtype).tiny)
    return wrong**gamma


def _check_gamma(gamma: float) -> None:
    if not gamma >= 0:
        raise ValueError(f"gamma must be at least 0; got {gamma}")
