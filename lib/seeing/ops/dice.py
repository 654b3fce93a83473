"""Dice loss: one minus the overlap of the predicted and the true regions, which does not care how large they are."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.cross_entropy import VOID
from seeing.ops.label_checks import check_class_labels
from seeing.ops.reduction import Reduction, check_reduction, reduce_loss


@takes_arrays("input", "target")
def dice_loss(
    input: Tensor,
    target: Tensor,
    *,
    smooth: float = 1.0,
    squared: bool = False,
    ignore_index: int = VOID,
    reduction: Reduction = "mean",
) -> Tensor:
    """1 - (2 sum p g + smooth) / (sum p + sum g + smooth), for each image and class.

    p is the predicted probability of a pixel's class, g is 1 where that class is true. The sums run over the pixels
    of one image that are not void.

    Args:
        input: (N, C, d1, d2, ...) logits. With C = 1 a sigmoid makes p, else a softmax over C.
        target: (N, d1, d2, ...) int64 or uint8: 0..C-1, or 0 and 1 for C = 1; or `ignore_index`.
        smooth: added above and below, at least 0. A class that is neither there nor predicted then loses nothing;
            with 0 it counts as a perfect 0 as well.
        squared: whether to sum p^2 and g^2 below, as V-Net does.
        ignore_index: the label that does not count.
        reduction: "none" gives (N, C); "mean" and "sum" run over images and classes.

    Returns:
        The loss, each number in [0, 1].

    Raises:
        ValueError: if shapes or dtypes do not fit, a label is out of range, smooth is negative, the devices differ,
            or the reduction is unknown.

    Example:
        >>> logits = torch.tensor([[[[100.0, 100.0, -100.0, -100.0]]]])
        >>> dice_loss(logits, torch.tensor([[[1, 0, 0, 0]]]), smooth=0)  # 1 - 2 * 1 / (2 + 1)
        tensor(0.3333)

    Source: Milletari et al., V-Net (2016), section 3; without squares: Sudre et al., Generalised Dice (2017).
    """
    check_reduction(reduction)
    if input.dim() < 2:
        raise ValueError(f"input must be (N, C, ...); got {tuple(input.shape)}")
    binary = input.shape[1] == 1
    check_class_labels(input.expand(-1, 2, *input.shape[2:]) if binary else input, target, ignore_index)
    if not smooth >= 0:
        raise ValueError(f"smooth must be at least 0; got {smooth}")
    counts = (target != ignore_index).unsqueeze(1)  # (N, 1, d1, ...)
    classes = torch.arange(input.shape[1], device=input.device) + binary  # of two classes only "1" is scored
    classes = classes.view(-1, *[1] * (input.dim() - 2))  # (C, 1, ...)
    truth = ((target.unsqueeze(1) == classes) & counts).to(input.dtype).flatten(2)  # (N, C, D), D = d1 d2 ...
    p = (input.sigmoid() if binary else input.softmax(1)).masked_fill(~counts, 0).flatten(2)  # (N, C, D)
    shared = (p * truth).sum(-1)  # (N, C)
    total = (p.square() + truth if squared else p + truth).sum(-1)  # (N, C)
    below = total + smooth
    # Of two empty regions all is found.
    dice = torch.where(below > 0, (2 * shared + smooth) / torch.where(below > 0, below, 1), 1)
    return reduce_loss(1 - dice, reduction)
