"""The last step of a loss: one number for each element, their mean, or their sum."""

from __future__ import annotations

from typing import Literal

from torch import Tensor

Reduction = Literal["none", "mean", "sum"]


def reduce_loss(loss: Tensor, reduction: Reduction) -> Tensor:
    """Sum or average a loss.

    Args:
        loss: any shape. The mean of nothing is 0, with a gradient of 0: an image without objects must not give NaN.
        reduction: "none", "mean" or "sum".

    Raises:
        ValueError: if it is none of the three.
    """
    check_reduction(reduction)
    if reduction == "none":
        return loss
    if reduction == "sum" or loss.numel() == 0:
        return loss.sum()
    return loss.mean()


def check_reduction(reduction: str) -> None:
    """Refuse what is not a reduction.

    Raises:
        ValueError: if it is not "none", "mean" or "sum".
    """
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"reduction must be 'none', 'mean' or 'sum'; got {reduction!r}")
