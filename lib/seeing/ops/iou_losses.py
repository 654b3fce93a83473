"""Losses that pull a predicted box onto its object by their overlap: IoU, GIoU, DIoU and CIoU.

All four compare boxes pair by pair, and fall to 0 (up to eps) where the two are equal. As in torchvision, boxes may
have any leading dimensions, integers count as float32, and half precision is computed in float32. A predicted box
may be inside out (x2 < x1) while a network learns, so values are not refused; NaN gives NaN.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.boxes import area
from seeing.ops.checks import check_one_device
from seeing.ops.iou import aspect_angle, enclosing_sides
from seeing.ops.reduction import Reduction, reduce_loss


@takes_arrays("boxes1", "boxes2")
def box_iou_loss(boxes1: Tensor, boxes2: Tensor, reduction: Reduction = "none", eps: float = 1e-7) -> Tensor:
    """1 - IoU.

    Args:
        boxes1: (..., 4) xyxy pixels.
        boxes2: shaped as boxes1.
        reduction: "none" for (...), "mean" (0 without boxes) or "sum".
        eps: added to the union, so that two boxes without area give 1.

    Returns:
        In [0, 1]. The gradient is 0 where the boxes do not overlap.

    Raises:
        ValueError: if the shapes differ or do not end in 4, the devices differ, or the reduction is unknown.

    Example:
        >>> a, b = torch.tensor([[0.0, 0, 4, 4]]), torch.tensor([[0.0, 1, 4, 4]])
        >>> box_iou_loss(a, b)  # 1 - 12 / 16
        tensor([0.2500])

    Source: Yu et al., UnitBox (2016), section 3, there as -log IoU; this form: Rezatofighi et al., GIoU (2019).
    """
    overlap, union = _intersection_and_union(*_pair_of_boxes(boxes1, boxes2))
    return reduce_loss(1 - overlap / (union + eps), reduction)


@takes_arrays("boxes1", "boxes2")
def generalized_box_iou_loss(
    boxes1: Tensor, boxes2: Tensor, reduction: Reduction = "none", eps: float = 1e-7
) -> Tensor:
    """1 - GIoU: also grows with the part of the smallest enclosing box that neither covers.

    Args:
        boxes1: (..., 4) xyxy pixels.
        boxes2: shaped as boxes1.
        reduction: "none" for (...), "mean" (0 without boxes) or "sum".
        eps: added to both denominators.

    Returns:
        In [0, 2].

    Raises:
        ValueError: if the shapes differ or do not end in 4, the devices differ, or the reduction is unknown.

    Example:
        >>> a, b = torch.tensor([[0.0, 0, 1, 1]]), torch.tensor([[3.0, 0, 4, 1]])
        >>> generalized_box_iou_loss(a, b)  # over 1: half of the enclosing box is empty
        tensor([1.5000])

    Source: Rezatofighi et al., Generalized intersection over union (2019), algorithm 1.
    """
    first, second = _pair_of_boxes(boxes1, boxes2)
    overlap, union = _intersection_and_union(first, second)
    width, height = enclosing_sides(first, second)
    hull = width * height
    giou = overlap / (union + eps) - (hull - union) / (hull + eps)
    return reduce_loss(1 - giou, reduction)


@takes_arrays("boxes1", "boxes2")
def distance_box_iou_loss(boxes1: Tensor, boxes2: Tensor, reduction: Reduction = "none", eps: float = 1e-7) -> Tensor:
    """1 - IoU + (distance of the centres / diagonal of the smallest enclosing box)^2.

    Args:
        boxes1: (..., 4) xyxy pixels.
        boxes2: shaped as boxes1.
        reduction: "none" for (...), "mean" (0 without boxes) or "sum".
        eps: added to both denominators.

    Returns:
        In [0, 2].

    Raises:
        ValueError: if the shapes differ or do not end in 4, the devices differ, or the reduction is unknown.

    Example:
        >>> a, b = torch.tensor([[0.0, 0, 3, 4]]), torch.tensor([[3.0, 4, 6, 8]])
        >>> distance_box_iou_loss(a, b)  # 1 for no overlap, (5 / 10)^2 for the distance
        tensor([1.2500])

    Source: Zheng et al., Distance-IoU loss (2020), equation 7.
    """
    loss, _ = _distance_loss_and_iou(*_pair_of_boxes(boxes1, boxes2), eps)
    return reduce_loss(loss, reduction)


@takes_arrays("boxes1", "boxes2")
def complete_box_iou_loss(boxes1: Tensor, boxes2: Tensor, reduction: Reduction = "none", eps: float = 1e-7) -> Tensor:
    """The distance loss plus a penalty for a different aspect ratio.

    Equal to torchvision's for proper boxes and its default eps. Here eps is also that of the distance loss (there it
    keeps 1e-7), and a box without height has a finite loss and gradient (there NaN).

    Args:
        boxes1: (..., 4) xyxy pixels.
        boxes2: shaped as boxes1.
        reduction: "none" for (...), "mean" (0 without boxes) or "sum".
        eps: added to the denominators.

    Returns:
        At least 0.

    Raises:
        ValueError: if the shapes differ or do not end in 4, the devices differ, or the reduction is unknown.

    Example:
        >>> a, b = torch.tensor([[0.0, 0, 4, 4]]), torch.tensor([[0.0, 1, 4, 4]])
        >>> complete_box_iou_loss(a, b) > distance_box_iou_loss(a, b)  # the aspect ratios differ
        tensor([True])

    Source: Zheng et al., Distance-IoU loss (2020), equations 8 to 11.
    """
    first, second = _pair_of_boxes(boxes1, boxes2)
    loss, iou = _distance_loss_and_iou(first, second, eps)
    difference = aspect_angle(second) - aspect_angle(first)
    ratio_term = 4 / math.pi**2 * difference.square()
    with torch.no_grad():  # the paper's weight is a constant for the gradient
        weight = ratio_term / (1 - iou + ratio_term + eps)
    return reduce_loss(loss + weight * ratio_term, reduction)


def _pair_of_boxes(boxes1: Tensor, boxes2: Tensor) -> tuple[Tensor, Tensor]:
    """Both in float32, or in float64 where they come so."""
    if boxes1.shape != boxes2.shape or boxes1.dim() == 0 or boxes1.shape[-1] != 4:
        raise ValueError(
            f"boxes1 and boxes2 must be (..., 4) xyxy of one shape; got {tuple(boxes1.shape)} and {tuple(boxes2.shape)}"
        )
    check_one_device(boxes1=boxes1, boxes2=boxes2)
    first, second = (boxes if boxes.dtype == torch.float64 else boxes.float() for boxes in (boxes1, boxes2))
    return first, second


def _intersection_and_union(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    size = torch.minimum(first[..., 2:], second[..., 2:]) - torch.maximum(first[..., :2], second[..., :2])  # (..., 2)
    # relu, not clamp: boxes that only touch have no gradient, as in torchvision.
    width, height = size.relu().unbind(-1)  # each (...)
    overlap = width * height
    return overlap, area(first, "xyxy") + area(second, "xyxy") - overlap


def _distance_loss_and_iou(first: Tensor, second: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    overlap, union = _intersection_and_union(first, second)
    iou = overlap / (union + eps)
    width, height = enclosing_sides(first, second)
    between = (first[..., :2] + first[..., 2:]) / 2 - (second[..., :2] + second[..., 2:]) / 2  # (..., 2)
    share = between.square().sum(dim=-1) / (width.square() + height.square() + eps)  # (...)
    return 1 - iou + share, iou
