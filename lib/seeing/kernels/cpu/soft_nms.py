"""Soft non-maximum suppression on the CPU."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit


def soft_nms(
    boxes: Tensor, scores: Tensor, threshold: float, sigma: float, min_score: float, gaussian: bool
) -> tuple[Tensor, Tensor]:
    """As `seeing.ops.soft_nms`.

    Args:
        boxes: (N, 4), float32 or float64, proper.
        scores: (N,), as boxes, at least 0.
        threshold: IoU from which the linear rule acts.
        sigma: width of the gaussian rule.
        min_score: the least score worth keeping.
        gaussian: which rule.
    """
    rows, values = boxes.detach().contiguous().numpy(), scores.detach().contiguous().numpy()
    keep, lowered = _soft_nms(rows, values, threshold, sigma, min_score, gaussian)
    return torch.from_numpy(keep), torch.from_numpy(lowered)


@jit
def _soft_nms(boxes, scores, threshold, sigma, min_score, gaussian):
    number = boxes.dtype.type
    zero, one = number(0), number(1)
    threshold, sigma, min_score = number(threshold), number(sigma), number(min_score)
    left, lowered = np.arange(len(boxes)), scores.copy()
    keep, kept_scores = np.empty(len(boxes), np.int64), np.empty_like(scores)
    remaining, taken = _drop_under(left, lowered, len(boxes), min_score), 0
    while remaining > 0:
        best = 0
        for k in range(1, remaining):
            if lowered[k] > lowered[best]:
                best = k
        keep[taken], kept_scores[taken] = left[best], lowered[best]
        box = boxes[left[best]]
        own_area = (box[2] - box[0]) * (box[3] - box[1])
        taken += 1
        for k in range(remaining):
            other = boxes[left[k]]
            width = max(min(box[2], other[2]) - max(box[0], other[0]), zero)
            height = max(min(box[3], other[3]) - max(box[1], other[1]), zero)
            inter = width * height
            union = own_area + (other[2] - other[0]) * (other[3] - other[1]) - inter
            iou = inter / (one if union == zero else union)
            if gaussian:
                lowered[k] *= np.exp(-(iou * iou) / sigma)
            elif iou >= threshold:
                lowered[k] *= one - iou
        lowered[best] = -np.inf
        remaining = _drop_under(left, lowered, remaining, min_score)
    return keep[:taken].copy(), kept_scores[:taken].copy()


@jit
def _drop_under(left, lowered, remaining, least):
    """Close the gaps that too low scores leave, in order; how many remain."""
    count = 0
    for k in range(remaining):
        if lowered[k] >= least:
            left[count], lowered[count] = left[k], lowered[k]
            count += 1
    return count
