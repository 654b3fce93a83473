"""Pairwise IoU, GIoU, DIoU and CIoU on the CPU: one pass over the matrix, a row at a time, nothing stored between.

Each operation rounds once, in the order of the torch ops in `seeing.ops.iou`, so the values are the same bits.
A sum, a product and a quotient may not be fused or reordered here.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit


def box_iou(boxes1: Tensor, boxes2: Tensor) -> Tensor | None:
    """As `seeing.ops.box_iou`, for (N, 4) and (M, 4) of one dtype, float32 or float64; None if a box is not proper."""
    a, b, values = _arrays(boxes1, boxes2)
    return torch.from_numpy(values) if _box_iou(a, b, values) else None


def generalized_box_iou(boxes1: Tensor, boxes2: Tensor) -> Tensor | None:
    """As `seeing.ops.generalized_box_iou`; see `box_iou`."""
    a, b, values = _arrays(boxes1, boxes2)
    return torch.from_numpy(values) if _generalized_box_iou(a, b, values) else None


def distance_box_iou(boxes1: Tensor, boxes2: Tensor, eps: float) -> Tensor | None:
    """As `seeing.ops.distance_box_iou`; see `box_iou`."""
    a, b, values = _arrays(boxes1, boxes2)
    return torch.from_numpy(values) if _distance_box_iou(a, b, eps, values) else None


def complete_box_iou(boxes1: Tensor, boxes2: Tensor, angles1: Tensor, angles2: Tensor, eps: float) -> Tensor | None:
    """As `seeing.ops.complete_box_iou`; see `box_iou`.

    Args:
        boxes1: (N, 4).
        boxes2: (M, 4).
        angles1: (N,), atan(width / height) of boxes1.
        angles2: (M,), of boxes2.
        eps: added to the squared diagonal and to the denominator of the penalty's weight.
    """
    a, b, values = _arrays(boxes1, boxes2)
    proper = _complete_box_iou(a, b, angles1.numpy(), angles2.numpy(), eps, values)
    return torch.from_numpy(values) if proper else None


def _arrays(boxes1: Tensor, boxes2: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both sets and the matrix to fill. numpy asks for large pages; new small ones would take longer than the loop."""
    a, b = boxes1.detach().contiguous().numpy(), boxes2.detach().contiguous().numpy()
    return a, b, np.empty((len(a), len(b)), a.dtype)


@jit
def _columns(boxes):
    """x1, y1, x2, y2 and area, a row each, so that a loop over boxes reads contiguous memory; are all proper?"""
    columns = np.empty((5, len(boxes)), boxes.dtype)
    proper = True
    for i in range(len(boxes)):
        x1, y1, x2, y2 = boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3]
        proper &= (x2 >= x1) & (y2 >= y1)  # False for NaN too
        columns[0, i], columns[1, i], columns[2, i], columns[3, i] = x1, y1, x2, y2
        columns[4, i] = (x2 - x1) * (y2 - y1)
    return columns, proper


@jit
def _box_iou(boxes1, boxes2, values):
    a, proper_a = _columns(boxes1)
    b, proper_b = _columns(boxes2)
    if not (proper_a and proper_b):
        return False
    x1, y1, x2, y2, area = b[0], b[1], b[2], b[3], b[4]
    zero, one = boxes1.dtype.type(0), boxes1.dtype.type(1)
    for i in range(len(boxes1)):
        left, top, right, bottom, own_area = a[0, i], a[1, i], a[2, i], a[3, i], a[4, i]
        row = values[i]
        for j in range(len(row)):
            width = max(min(right, x2[j]) - max(left, x1[j]), zero)
            height = max(min(bottom, y2[j]) - max(top, y1[j]), zero)
            inter = width * height
            union = own_area + area[j] - inter
            row[j] = inter / (one if union == zero else union)
    return True


@jit
def _generalized_box_iou(boxes1, boxes2, values):
    a, proper_a = _columns(boxes1)
    b, proper_b = _columns(boxes2)
    if not (proper_a and proper_b):
        return False
    x1, y1, x2, y2, area = b[0], b[1], b[2], b[3], b[4]
    zero, one = boxes1.dtype.type(0), boxes1.dtype.type(1)
    for i in range(len(boxes1)):
        left, top, right, bottom, own_area = a[0, i], a[1, i], a[2, i], a[3, i], a[4, i]
        row = values[i]
        for j in range(len(row)):
            width = max(min(right, x2[j]) - max(left, x1[j]), zero)
            height = max(min(bottom, y2[j]) - max(top, y1[j]), zero)
            inter = width * height
            union = own_area + area[j] - inter
            hull = (max(right, x2[j]) - min(left, x1[j])) * (max(bottom, y2[j]) - min(top, y1[j]))
            iou = inter / (one if union == zero else union)
            row[j] = iou - (hull - union) / (one if hull == zero else hull)
    return True


@jit
def _distance_row(own, k, b, eps, iou, row):
    """IoU and distance IoU of box k of `own` with every box of b, into two rows."""
    left, top, right, bottom, own_area = own[0, k], own[1, k], own[2, k], own[3, k], own[4, k]
    x1, y1, x2, y2, area = b[0], b[1], b[2], b[3], b[4]
    zero, one, two = row.dtype.type(0), row.dtype.type(1), row.dtype.type(2)
    x, y = (left + right) / two, (top + bottom) / two
    for j in range(len(row)):
        width = max(min(right, x2[j]) - max(left, x1[j]), zero)
        height = max(min(bottom, y2[j]) - max(top, y1[j]), zero)
        inter = width * height
        union = own_area + area[j] - inter
        iou[j] = inter / (one if union == zero else union)
        width = max(right, x2[j]) - min(left, x1[j])
        height = max(bottom, y2[j]) - min(top, y1[j])
        dx, dy = x - (x1[j] + x2[j]) / two, y - (y1[j] + y2[j]) / two
        row[j] = iou[j] - (dx * dx + dy * dy) / (width * width + height * height + eps)


@jit
def _distance_box_iou(boxes1, boxes2, eps, values):
    a, proper_a = _columns(boxes1)
    b, proper_b = _columns(boxes2)
    if not (proper_a and proper_b):
        return False
    iou = np.empty(len(boxes2), boxes1.dtype)
    for i in range(len(boxes1)):
        _distance_row(a, i, b, boxes1.dtype.type(eps), iou, values[i])
    return True


@jit
def _complete_box_iou(boxes1, boxes2, angles1, angles2, eps, values):
    a, proper_a = _columns(boxes1)
    b, proper_b = _columns(boxes2)
    if not (proper_a and proper_b):
        return False
    one, eps = boxes1.dtype.type(1), boxes1.dtype.type(eps)
    scale = boxes1.dtype.type(4 / np.pi**2)
    iou = np.empty(len(boxes2), boxes1.dtype)
    for i in range(len(boxes1)):
        row, angle = values[i], angles1[i]
        _distance_row(a, i, b, eps, iou, row)
        for j in range(len(row)):
            difference = angle - angles2[j]
            penalty = scale * (difference * difference)
            row[j] -= penalty / (one - iou[j] + penalty + eps) * penalty
    return True
