"""What an op asks of boxes and points before it works on them: of their shape for nothing, of their values for one
reduction.
"""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.ops.checks import check_one_device, values_can_be_read


def check_box_shape(boxes: Tensor, name: str = "boxes", dim: int | None = None) -> None:
    """Refuse what cannot be boxes by its shape or dtype.

    Args:
        boxes: (..., 4), floating point or integer.
        name: what to call it in the error.
        dim: how many dimensions it must have; any number if None.

    Raises:
        ValueError: if the last dimension is not 4, or if the dtype is bool or complex.
    """
    if boxes.dim() == 0 or boxes.shape[-1] != 4 or dim not in (None, boxes.dim()):
        expected = "(N, 4)" if dim == 2 else "(..., 4)"
        raise ValueError(f"{name} must be {expected}; got {tuple(boxes.shape)}")
    if boxes.dtype == torch.bool or boxes.is_complex():
        raise ValueError(f"{name} must be floating point or integer; got {boxes.dtype}")


def check_box_sizes(boxes: Tensor, name: str = "boxes") -> None:
    """Refuse boxes whose right or bottom edge comes first, and NaN.

    Reads the values: one reduction, and on CUDA one wait for the device. Infinite coordinates pass. Where there are
    no values to read yet (see `values_can_be_read`) nothing is checked.

    Args:
        boxes: (..., 4), xyxy.
        name: what to call it in the error.

    Raises:
        ValueError: if a box has x2 < x1 or y2 < y1, or holds a NaN.
    """
    if not values_can_be_read(boxes):
        return
    proper = boxes[..., 2:] >= boxes[..., :2]  # False for NaN too
    if not proper.all():
        first = boxes[~proper.all(-1)][0].tolist()
        raise ValueError(f"{name} must have x1 <= x2 and y1 <= y2, without NaN; got {first}")


def check_proper_boxes(boxes: Tensor, name: str, dim: int | None = None) -> None:
    """Refuse what is not a set of xyxy boxes, by shape, dtype and values.

    Args:
        boxes: (..., 4).
        name: what to call it in the error.
        dim: how many dimensions it must have; any number if None.

    Raises:
        ValueError: if the shape or dtype is wrong, or a box has NaN, x2 < x1 or y2 < y1.
    """
    check_box_shape(boxes, name, dim)
    check_box_sizes(boxes, name)


def check_scored_boxes(boxes: Tensor, scores: Tensor) -> None:
    """Refuse what is not a list of boxes with a score each, by shape, dtype and device.

    Args:
        boxes: (N, 4), floating point.
        scores: (N,), of the same dtype and device.

    Raises:
        ValueError: if they are not.
    """
    check_box_shape(boxes, dim=2)
    if not boxes.is_floating_point() or scores.dtype != boxes.dtype:
        raise ValueError(f"boxes and scores must be floating point of one dtype; got {boxes.dtype}, {scores.dtype}")
    if scores.dim() != 1 or len(scores) != len(boxes):
        raise ValueError(f"scores must be ({len(boxes)},), one for each box; got {tuple(scores.shape)}")
    check_one_device(boxes=boxes, scores=scores)


def check_scored_values(boxes: Tensor, scores: Tensor) -> None:
    """Refuse improper boxes (as `check_box_sizes`) and scores that are NaN, with one reduction for both.

    Args:
        boxes: (N, 4), xyxy.
        scores: (N,).

    Raises:
        ValueError: if a box has x2 < x1 or y2 < y1, or holds a NaN, or if a score is NaN.
    """
    proper = (boxes[:, 2:] >= boxes[:, :2]).all(1) & ~scores.isnan()
    if not proper.all():
        check_box_sizes(boxes)
        raise ValueError(f"scores must be without NaN; got NaN for box {int(scores.isnan().nonzero()[0])}")


def check_points(points: Tensor, name: str) -> None:
    """Refuse what is not a set of xy points.

    Args:
        points: (..., 2), any real dtype.
        name: what to call it in the error.

    Raises:
        ValueError: if the last dimension is not 2, or a coordinate is NaN.
    """
    if points.dim() == 0 or points.shape[-1] != 2 or points.dtype == torch.bool or points.is_complex():
        raise ValueError(f"{name} must be (..., 2) xy, real numbers; got {points.dtype} {tuple(points.shape)}")
    if values_can_be_read(points) and bool(points.isnan().any()):
        raise ValueError(f"{name} must be without NaN")
