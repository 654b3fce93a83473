"""What an op asks of boxes and points: their shape, their dtype and their values."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.ops.box_checks import check_box_shape, check_box_sizes
from seeing.ops.checks import values_can_be_read


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
