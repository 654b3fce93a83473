"""Boxes: their three formats, their area, and the few things done to them one by one.

The conversions look at shapes and dtypes only, never at values: a network's raw output, on its way to becoming boxes,
may pass through them. Names, argument order and results are those of `torchvision.ops`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.box_checks import check_box_shape, check_box_sizes
from seeing.ops.checks import values_can_be_read

FORMATS = ("xyxy", "xywh", "cxcywh")


@takes_arrays("boxes")
def box_convert(boxes: Tensor, in_fmt: str, out_fmt: str) -> Tensor:
    """Boxes in another format.

    Args:
        boxes: (..., 4), in `in_fmt`.
        in_fmt: "xyxy" (two corners), "xywh" (top left corner, width, height) or "cxcywh" (centre, width, height).
        out_fmt: as `in_fmt`.

    Returns:
        (..., 4), a new tensor; the dtype stays, except that integer boxes have fractional centres and become float32.

    Raises:
        ValueError: if a format is unknown or the last dimension is not 4.

    Example:
        >>> box_convert(torch.tensor([[10.0, 20, 30, 60]]), "xyxy", "xywh")
        tensor([[10., 20., 20., 40.]])
    """
    check_format(in_fmt)
    check_format(out_fmt)
    check_box_shape(boxes)
    if in_fmt == out_fmt:
        return boxes.clone()
    if in_fmt != "xyxy":
        boxes = xywh_to_xyxy(boxes) if in_fmt == "xywh" else cxcywh_to_xyxy(boxes)
    if out_fmt != "xyxy":
        boxes = xyxy_to_xywh(boxes) if out_fmt == "xywh" else xyxy_to_cxcywh(boxes)
    return boxes


@takes_arrays("boxes")
def xyxy_to_xywh(boxes: Tensor) -> Tensor:
    """From two corners to the top left corner, width and height.

    Args:
        boxes: (..., 4), xyxy.

    Example:
        >>> xyxy_to_xywh(torch.tensor([10.0, 20, 30, 60]))
        tensor([10., 20., 20., 40.])
    """
    check_box_shape(boxes)
    x1, y1, x2, y2 = boxes.unbind(-1)
    return torch.stack((x1, y1, x2 - x1, y2 - y1), dim=-1)


@takes_arrays("boxes")
def xywh_to_xyxy(boxes: Tensor) -> Tensor:
    """From the top left corner, width and height to two corners.

    Args:
        boxes: (..., 4), xywh.

    Example:
        >>> xywh_to_xyxy(torch.tensor([10.0, 20, 20, 40]))
        tensor([10., 20., 30., 60.])
    """
    check_box_shape(boxes)
    x, y, w, h = boxes.unbind(-1)
    return torch.stack((x, y, x + w, y + h), dim=-1)


@takes_arrays("boxes")
def xyxy_to_cxcywh(boxes: Tensor) -> Tensor:
    """From two corners to the centre, width and height.

    Args:
        boxes: (..., 4), xyxy; integer boxes give float32.

    Example:
        >>> xyxy_to_cxcywh(torch.tensor([10.0, 20, 30, 60]))
        tensor([20., 40., 20., 40.])
    """
    check_box_shape(boxes)
    x1, y1, x2, y2 = boxes.unbind(-1)
    return torch.stack(((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1), dim=-1)


@takes_arrays("boxes")
def cxcywh_to_xyxy(boxes: Tensor) -> Tensor:
    """From the centre, width and height to two corners.

    Args:
        boxes: (..., 4), cxcywh; integer boxes give float32.

    Example:
        >>> cxcywh_to_xyxy(torch.tensor([20.0, 40, 20, 40]))
        tensor([10., 20., 30., 60.])
    """
    check_box_shape(boxes)
    cx, cy, w, h = boxes.unbind(-1)
    return torch.stack((cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2), dim=-1)


@takes_arrays("boxes")
def box_area(boxes: Tensor, fmt: str = "xyxy") -> Tensor:
    """Width times height, in square pixels.

    Args:
        boxes: (..., 4). Short dtypes are widened first, so that the product fits: see `widened`.
        fmt: "xyxy", "xywh" or "cxcywh".

    Returns:
        (...); 0 for a box without width or height.

    Raises:
        ValueError: if the format is unknown, the last dimension is not 4, or a box holds a NaN or a negative size.

    Example:
        >>> box_area(torch.tensor([[0.0, 0, 4, 3], [2, 2, 2, 9]]))
        tensor([12.,  0.])
    """
    check_format(fmt)
    check_box_shape(boxes)
    if fmt == "xyxy":
        check_box_sizes(boxes)
    elif values_can_be_read(boxes) and not (boxes[..., 2:] >= 0).all():
        raise ValueError(f"boxes must have widths and heights of at least 0, without NaN; least {boxes[..., 2:].min()}")
    return area(boxes, fmt)


def area(boxes: Tensor, fmt: str) -> Tensor:
    """`box_area` of boxes that need no check, or must not be refused."""
    a, b, c, d = widened(boxes).unbind(-1)
    return (c - a) * (d - b) if fmt == "xyxy" else c * d


@takes_arrays("boxes")
def clip_boxes_to_image(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """Boxes cut off at the borders of the image; one that lies outside keeps no area.

    Args:
        boxes: (..., 4), xyxy pixels.
        size: (height, width) of the image, each at least 0.

    Returns:
        (..., 4), with 0 <= x <= width and 0 <= y <= height.

    Raises:
        ValueError: if the last dimension is not 4, a box holds a NaN or a negative size, or `size` is not two numbers,
            at least 0.

    Example:
        >>> clip_boxes_to_image(torch.tensor([[-5.0, 10, 70, 90]]), (48, 64))  # 48 rows, 64 columns
        tensor([[ 0., 10., 64., 48.]])
    """
    check_box_shape(boxes)
    check_box_sizes(boxes)
    if len(size) != 2 or min(size) < 0:
        raise ValueError(f"size must be (height, width), each at least 0; got {size!r}")
    height, width = size
    x = boxes[..., 0::2].clamp(0, width)
    y = boxes[..., 1::2].clamp(0, height)
    return torch.stack((x, y), dim=-1).reshape(boxes.shape)


@takes_arrays("boxes")
def remove_small_boxes(boxes: Tensor, min_size: float) -> Tensor:
    """Indices of the boxes that are at least so wide and so high.

    Args:
        boxes: (N, 4), xyxy pixels.
        min_size: least width and height, in pixels. A box with a NaN is never kept.

    Returns:
        (K,) int64, in rising order.

    Raises:
        ValueError: if boxes is not (N, 4).

    Example:
        >>> remove_small_boxes(torch.tensor([[0.0, 0, 9, 9], [0, 0, 2, 9]]), min_size=3)
        tensor([0])
    """
    check_box_shape(boxes, dim=2)
    sides = boxes[:, 2:] - boxes[:, :2]
    return torch.where((sides >= min_size).all(1))[0]


def widened(x: Tensor) -> Tensor:
    """Boxes in a dtype that holds their areas: half precision as float32, short integers as int32.

    Args:
        x: any shape; float32, float64, int32 and int64 stay what they are.
    """
    if x.dtype in (torch.float32, torch.float64, torch.int32, torch.int64):
        return x
    return x.float() if x.is_floating_point() else x.int()


def check_format(fmt: str) -> None:
    """Refuse an unknown format.

    Raises:
        ValueError: if it is not "xyxy", "xywh" or "cxcywh".
    """
    if fmt not in FORMATS:
        raise ValueError(f"a box format must be one of {', '.join(FORMATS)}; got {fmt!r}")
