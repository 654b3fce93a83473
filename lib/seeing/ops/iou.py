"""How well two boxes agree: intersection over union, and its three relatives that also tell apart boxes far away.

Names, argument order and values are those of `torchvision.ops`, to the last bit in float32 and float64, with one
deliberate difference: where a zero area makes torchvision divide 0 by 0, it gives NaN, in the gradient too. Here that
quotient is 0, and its gradient is finite.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.ops.box_checks import check_box_shape, check_box_sizes
from seeing.ops.boxes import area, box_convert, check_format, widened
from seeing.ops.checks import check_one_device


@takes_arrays("boxes1", "boxes2")
def box_iou(boxes1: Tensor, boxes2: Tensor, fmt: str = "xyxy", *, aligned: bool = False) -> Tensor:
    """Intersection over union of every pair of boxes.

    Args:
        boxes1: (..., N, 4) pixels, floating point or integer.
        boxes2: (..., M, 4), as boxes1; leading dimensions are broadcast.
        fmt: "xyxy", "xywh" or "cxcywh".
        aligned: compare only the boxes at the same place of both; then N = M, or one of them is 1.

    Returns:
        (..., N, M), or (..., N) if aligned, in [0, 1]; a pair of zero-area boxes gives 0. Floating point: the wider
        of the two dtypes, at least float32.

    Raises:
        ValueError: if a last dimension is not 4, the devices or the numbers of boxes do not match, the format is
            unknown, or a box has a negative size or a NaN. (To see values costs a wait on CUDA; see `check_box_sizes`.)

    Example:
        >>> box_iou(torch.tensor([[0.0, 0, 4, 4]]), torch.tensor([[0.0, 1, 4, 4], [2, 0, 4, 4], [4, 0, 8, 4]]))
        tensor([[0.7500, 0.5000, 0.0000]])

    Source: Jaccard, The distribution of the flora in the alpine zone (1912); Everingham et al., The PASCAL visual
        object classes challenge (2010), section 4.2.
    """
    check_format(fmt)
    _check_pair(boxes1, boxes2, aligned)
    if fmt == "xyxy" and _has_twin(boxes1, boxes2, aligned):
        from seeing.kernels.cpu.iou import box_iou as twin

        values = twin(boxes1, boxes2)
        if values is not None:
            return values
    inter, union = intersection_and_union(*_facing(boxes1, boxes2, aligned, fmt), fmt)
    return quotient(inter, union)


@takes_arrays("boxes1", "boxes2")
def generalized_box_iou(boxes1: Tensor, boxes2: Tensor, *, aligned: bool = False) -> Tensor:
    """IoU minus the share of the enclosing box that neither box covers.

    Args:
        boxes1: (..., N, 4), xyxy pixels.
        boxes2: (..., M, 4), as boxes1.
        aligned: as in `box_iou`.

    Returns:
        (..., N, M), or (..., N) if aligned, in [-1, 1]; 0 if the enclosing box has no area.

    Raises:
        ValueError: as `box_iou`.

    Example:
        >>> a = torch.tensor([[0.0, 0, 1, 1]])
        >>> generalized_box_iou(a, torch.tensor([[1.0, 0, 2, 1], [3, 0, 4, 1]]))  # misses, near and far
        tensor([[ 0.0000, -0.5000]])

    Source: Rezatofighi et al., Generalized intersection over union (2019), algorithm 1.
    """
    _check_pair(boxes1, boxes2, aligned)
    if _has_twin(boxes1, boxes2, aligned):
        from seeing.kernels.cpu.iou import generalized_box_iou as twin

        values = twin(boxes1, boxes2)
        if values is not None:
            return values
    a, b = _facing(boxes1, boxes2, aligned)
    inter, union = intersection_and_union(a, b)
    width, height = enclosing_sides(a, b)
    hull = width * height
    return quotient(inter, union) - quotient(hull - union, hull)


@takes_arrays("boxes1", "boxes2")
def distance_box_iou(boxes1: Tensor, boxes2: Tensor, eps: float = 1e-7, *, aligned: bool = False) -> Tensor:
    """IoU minus the squared distance of the centres, in units of the enclosing box's diagonal.

    Args:
        boxes1: (..., N, 4), xyxy pixels.
        boxes2: (..., M, 4), as boxes1.
        eps: added to the squared diagonal, so that two equal points divide by something.
        aligned: as in `box_iou`.

    Returns:
        (..., N, M), or (..., N) if aligned, in [-1, 1].

    Raises:
        ValueError: as `box_iou`.

    Example:
        >>> a = torch.tensor([[0.0, 0, 3, 4]])
        >>> distance_box_iou(a, torch.tensor([[3.0, 4, 6, 8]]))  # -(5 / 10)^2: centres apart, diagonal
        tensor([[-0.2500]])

    Source: Zheng et al., Distance-IoU loss (2020), equations 5 to 7.
    """
    _check_pair(boxes1, boxes2, aligned)
    if _has_twin(boxes1, boxes2, aligned):
        from seeing.kernels.cpu.iou import distance_box_iou as twin

        values = twin(boxes1, boxes2, eps)
        if values is not None:
            return values
    return _distance_iou(*_facing(boxes1, boxes2, aligned), eps)[0]


@takes_arrays("boxes1", "boxes2")
def complete_box_iou(boxes1: Tensor, boxes2: Tensor, eps: float = 1e-7, *, aligned: bool = False) -> Tensor:
    """Distance IoU minus a penalty for different aspect ratios.

    The ratio of a box is seen as an angle, atan(width / height); 0 for a box that has neither. As in the paper, the
    weight of the penalty takes no part in the gradient.

    Args:
        boxes1: (..., N, 4), xyxy pixels.
        boxes2: (..., M, 4), as boxes1.
        eps: as in `distance_box_iou`.
        aligned: as in `box_iou`.

    Returns:
        (..., N, M), or (..., N) if aligned, in [-1.5, 1].

    Raises:
        ValueError: as `box_iou`.

    Example:
        >>> a = torch.tensor([[0.0, 0, 4, 4]])
        >>> complete_box_iou(a, torch.tensor([[0.0, 0, 4, 4], [2, 0, 6, 4]]))[0, 0]  # nothing to object to
        tensor(1.)

    Source: Zheng et al., Distance-IoU loss (2020), equations 8 to 11.
    """
    _check_pair(boxes1, boxes2, aligned)
    if _has_twin(boxes1, boxes2, aligned):
        from seeing.kernels.cpu.iou import complete_box_iou as twin

        values = twin(boxes1, boxes2, aspect_angle(boxes1), aspect_angle(boxes2), eps)
        if values is not None:
            return values
    a, b = _facing(boxes1, boxes2, aligned)
    distance_iou, iou = _distance_iou(a, b, eps)
    v = (4 / math.pi**2) * (aspect_angle(a) - aspect_angle(b)) ** 2
    with torch.no_grad():
        alpha = v / (1 - iou + v + eps)
    return distance_iou - alpha * v


def intersection_and_union(a: Tensor, b: Tensor, fmt: str = "xyxy") -> tuple[Tensor, Tensor]:
    """The common area and the joint area of boxes that face each other.

    Args:
        a: (..., 4) in a dtype that holds areas (`widened`).
        b: (..., 4), broadcast against a.
        fmt: "xyxy", "xywh" or "cxcywh".

    Returns:
        Two tensors (...), in square pixels; both 0 where both boxes have no area.
    """
    area_a, area_b = area(a, fmt), area(b, fmt)
    a, b = (box if fmt == "xyxy" else box_convert(box, fmt, "xyxy") for box in (a, b))
    sides = torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])
    sides = sides.clamp(min=0)
    inter = sides[..., 0] * sides[..., 1]
    return inter, area_a + area_b - inter


def quotient(part: Tensor, whole: Tensor) -> Tensor:
    """part / whole, and 0 for 0 / 0, where the gradient of `whole` is 0 too.

    Args:
        part: any shape; 0 wherever whole is 0.
        whole: as part.
    """
    return part / whole.masked_fill(whole == 0, 1)


def aspect_angle(boxes: Tensor) -> Tensor:
    """The slope of a box: atan(width / height).

    Args:
        boxes: (..., 4), xyxy.

    Returns:
        (...), in radians from 0 to pi / 2; a box without height gives pi / 2, a point 0.
    """
    width, height = (boxes[..., 2:] - boxes[..., :2]).unbind(-1)
    flat = height == 0
    angle = torch.atan(width / height.masked_fill(flat, 1))
    return angle.masked_fill(flat & (width > 0), math.pi / 2)


def enclosing_sides(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Width and height of the smallest box around both, (...) each.

    Args:
        a: (..., 4), xyxy.
        b: (..., 4), broadcast against a.
    """
    sides = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    return sides[..., 0], sides[..., 1]


def _distance_iou(a: Tensor, b: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """Distance IoU and plain IoU."""
    iou = quotient(*intersection_and_union(a, b))
    width, height = enclosing_sides(a, b)
    step = (a[..., :2] + a[..., 2:]) / 2 - (b[..., :2] + b[..., 2:]) / 2
    distance = step[..., 0] ** 2 + step[..., 1] ** 2
    return iou - distance / (width**2 + height**2 + eps), iou


def _check_pair(boxes1: Tensor, boxes2: Tensor, aligned: bool) -> None:
    """Refuse shapes, dtypes and devices that make no pairs."""
    check_box_shape(boxes1, "boxes1")
    check_box_shape(boxes2, "boxes2")
    check_one_device(boxes1=boxes1, boxes2=boxes2)
    shapes = tuple(boxes1.shape), tuple(boxes2.shape)
    if not aligned and min(map(len, shapes)) < 2:
        raise ValueError(f"boxes1 and boxes2 must be (..., N, 4) and (..., M, 4); got {shapes[0]} and {shapes[1]}")
    last = -1 if aligned else -2
    if any(m != n and 1 not in (m, n) for m, n in zip(shapes[0][:last][::-1], shapes[1][:last][::-1], strict=False)):
        what = "as many boxes" if aligned else "leading dimensions that broadcast"
        raise ValueError(f"boxes1 and boxes2 must have {what}; got {shapes[0]} and {shapes[1]}")


def _has_twin(boxes1: Tensor, boxes2: Tensor, aligned: bool) -> bool:
    """Whether the compiled loop serves these, checked for shape but not yet for values."""
    plain = boxes1.dim() == boxes2.dim() == 2 and boxes1.dtype == boxes2.dtype
    known = boxes1.dtype in (torch.float32, torch.float64)
    return plain and known and not aligned and backend(boxes1, boxes2) == "numba"


def _facing(boxes1: Tensor, boxes2: Tensor, aligned: bool, fmt: str = "xyxy") -> tuple[Tensor, Tensor]:
    """Both sets, their values checked, in dtypes that hold areas, shaped so that broadcasting makes the pairs."""
    boxes1, boxes2 = widened(boxes1), widened(boxes2)
    check_box_sizes(box_convert(boxes1, fmt, "xyxy") if fmt != "xyxy" else boxes1, "boxes1")
    check_box_sizes(box_convert(boxes2, fmt, "xyxy") if fmt != "xyxy" else boxes2, "boxes2")
    if aligned:
        return boxes1, boxes2
    return boxes1[..., :, None, :], boxes2[..., None, :, :]
