"""Boxes as what a network predicts: offsets from an anchor, or distances from a point to the four sides."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.box_checks import check_box_shape, check_points, check_proper_boxes
from seeing.ops.checks import check_broadcast, check_one_device

SCALE_CLIP = math.log(1000 / 16)
"""The largest log of a size ratio that `decode_boxes` believes: a 16 pixel anchor grows to 1000 pixels at most."""


@takes_arrays("reference_boxes", "anchors")
def encode_boxes(reference_boxes: Tensor, anchors: Tensor, weights: Sequence[float] = (1.0, 1.0, 1.0, 1.0)) -> Tensor:
    """The offsets (dx, dy, dw, dh) that take each anchor to its box.

    With centres (x, y) and sizes (w, h): dx = (x - x_a) / w_a, dy = (y - y_a) / h_a, dw = log(w / w_a) and
    dh = log(h / h_a), each times its weight. SSD's variances (.1, .1, .2, .2) are the weights (10, 10, 5, 5).

    Args:
        reference_boxes: (..., 4) xyxy pixels, the boxes to reach.
        anchors: (..., 4), as reference_boxes; the leading dimensions broadcast.
        weights: what to multiply dx, dy, dw and dh with, over 0.

    Returns:
        (..., 4), floating point. A box of width 0 gives dw = -inf; an anchor of width 0 gives an infinity or NaN.

    Raises:
        ValueError: if a last dimension is not 4, a box has NaN or x2 < x1, there are not four positive weights, or
            the devices differ.

    Example:
        >>> anchor, box = torch.tensor([0.0, 0, 10, 20]), torch.tensor([5.0, 0, 15, 20])
        >>> encode_boxes(box, anchor)  # half a width to the right, of the same size
        tensor([0.5000, 0.0000, 0.0000, 0.0000])

    Source: Girshick et al., Rich feature hierarchies (R-CNN, 2014), appendix C, equations 6 to 9; Liu et al., SSD
        (2016), equation 2.
    """
    check_proper_boxes(reference_boxes, "reference_boxes")
    check_proper_boxes(anchors, "anchors")
    check_one_device(reference_boxes=reference_boxes, anchors=anchors)
    check_broadcast(reference_boxes=reference_boxes, anchors=anchors)
    wx, wy, ww, wh = _four_weights(weights)
    x, y, width, height = _centre_and_size(reference_boxes)  # each (...)
    anchor_x, anchor_y, anchor_width, anchor_height = _centre_and_size(anchors)
    dx = wx * (x - anchor_x) / anchor_width
    dy = wy * (y - anchor_y) / anchor_height
    dw = ww * torch.log(width / anchor_width)
    dh = wh * torch.log(height / anchor_height)
    return torch.stack([dx, dy, dw, dh], dim=-1)  # (..., 4)


@takes_arrays("deltas", "anchors")
def decode_boxes(
    deltas: Tensor,
    anchors: Tensor,
    weights: Sequence[float] = (1.0, 1.0, 1.0, 1.0),
    clip: float = SCALE_CLIP,
) -> Tensor:
    """The boxes that the offsets lead to: the inverse of `encode_boxes`.

    Args:
        deltas: (..., 4) or (..., 4K), floating point: K predictions (dx, dy, dw, dh) for each anchor. NaN stays NaN.
        anchors: (..., 4) xyxy pixels; the leading dimensions broadcast with those of deltas.
        weights: what `encode_boxes` multiplied with, over 0.
        clip: dw and dh over this (after the weights are divided out) count as this, so that exp cannot overflow.

    Returns:
        xyxy pixels, with deltas' last dimension, in the wider of the two dtypes. The boxes may reach over the image.

    Raises:
        ValueError: if deltas are not floating point with a last dimension of 4K, anchors are not proper boxes, there
            are not four positive weights, or the devices differ.

    Example:
        >>> anchor = torch.tensor([0.0, 0, 10, 20])
        >>> decode_boxes(torch.tensor([0.5, 0, 0, 0]), anchor)
        tensor([ 5.,  0., 15., 20.])

    Source: Girshick et al., Rich feature hierarchies (R-CNN, 2014), appendix C, equations 1 to 4.
    """
    if deltas.dim() == 0 or deltas.shape[-1] % 4 or not deltas.is_floating_point():
        raise ValueError(f"deltas must be floating point, (..., 4K); got {deltas.dtype} {tuple(deltas.shape)}")
    check_proper_boxes(anchors, "anchors")
    check_one_device(deltas=deltas, anchors=anchors)
    check_broadcast(deltas=deltas, anchors=anchors)
    wx, wy, ww, wh = _four_weights(weights)
    anchors = anchors.to(_wider(deltas, anchors))
    many = deltas.shape[-1] != 4
    if many:
        deltas, anchors = deltas.unflatten(-1, (deltas.shape[-1] // 4, 4)), anchors[..., None, :]  # (..., K, 4)
    x, y, width, height = _centre_and_size(anchors)
    dx, dy, dw, dh = deltas.unbind(-1)  # each (...), with many (..., K)
    x = dx / wx * width + x
    y = dy / wy * height + y
    half_width = 0.5 * (torch.exp((dw / ww).clamp(max=clip)) * width)
    half_height = 0.5 * (torch.exp((dh / wh).clamp(max=clip)) * height)
    boxes = torch.stack([x - half_width, y - half_height, x + half_width, y + half_height], dim=-1)
    return boxes.flatten(-2) if many else boxes  # (..., 4K) or (..., 4)


@takes_arrays("boxes", "points")
def encode_ltrb(boxes: Tensor, points: Tensor) -> Tensor:
    """The distances from each point to the left, top, right and bottom side of its box.

    Args:
        boxes: (..., 4) xyxy pixels.
        points: (..., 2) xy pixels; the leading dimensions broadcast.

    Returns:
        (..., 4) pixels; all over 0 exactly when the point is inside the box.

    Raises:
        ValueError: if a last dimension is wrong, a box has NaN or x2 < x1, a point NaN, or the devices differ.

    Example:
        >>> encode_ltrb(torch.tensor([10.0, 10, 30, 50]), torch.tensor([15.0, 20]))
        tensor([ 5., 10., 15., 30.])

    Source: Tian et al., FCOS (2019), equation 1.
    """
    check_proper_boxes(boxes, "boxes")
    check_points(points, "points")
    check_one_device(boxes=boxes, points=points)
    check_broadcast(boxes=boxes, points=points)
    return torch.cat([points - boxes[..., :2], boxes[..., 2:] - points], dim=-1)  # (..., 4)


@takes_arrays("distances", "points")
def decode_ltrb(distances: Tensor, points: Tensor) -> Tensor:
    """The boxes whose sides lie at these distances from the points: the inverse of `encode_ltrb`.

    Args:
        distances: (..., 4) pixels to the left, top, right and bottom side. NaN stays NaN.
        points: (..., 2) xy pixels; the leading dimensions broadcast.

    Returns:
        (..., 4) xyxy pixels; x1 <= x2 and y1 <= y2 where no distance is negative.

    Raises:
        ValueError: if a last dimension is wrong, a point has NaN, or the devices differ.

    Example:
        >>> decode_ltrb(torch.tensor([5.0, 10, 15, 30]), torch.tensor([15.0, 20]))
        tensor([10., 10., 30., 50.])

    Source: Tian et al., FCOS (2019), section 3.1.
    """
    check_box_shape(distances, "distances")
    check_points(points, "points")
    check_one_device(distances=distances, points=points)
    check_broadcast(distances=distances, points=points)
    return torch.cat([points - distances[..., :2], points + distances[..., 2:]], dim=-1)  # (..., 4)


def _centre_and_size(boxes: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x and y of the centre, width, height: each (...)."""
    x1, y1, x2, y2 = boxes.unbind(-1)
    width, height = x2 - x1, y2 - y1
    return x1 + 0.5 * width, y1 + 0.5 * height, width, height


def _wider(deltas: Tensor, anchors: Tensor) -> torch.dtype:
    """Offsets in half precision meet float32 anchors: pixels over 1000 need the anchors' precision."""
    return torch.promote_types(deltas.dtype, anchors.dtype)


def _four_weights(weights: Sequence[float]) -> tuple[float, float, float, float]:
    values = tuple(float(w) for w in weights)
    if len(values) != 4 or not all(w > 0 for w in values):
        raise ValueError(f"weights must be four numbers over 0; got {tuple(weights)}")
    return values
