"""Soft non-maximum suppression: an overlap lowers a score instead of removing its box."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.ops.box_checks import check_scored_boxes, check_scored_values
from seeing.ops.boxes import widened
from seeing.ops.iou import box_iou

Method = Literal["linear", "gaussian"]


@takes_arrays("boxes", "scores")
def soft_nms(
    boxes: Tensor,
    scores: Tensor,
    iou_threshold: float = 0.3,
    sigma: float = 0.5,
    min_score: float = 1e-3,
    method: Method = "linear",
) -> tuple[Tensor, Tensor]:
    """Take the box with the highest score, lower the scores of the others by their overlap with it, and repeat.

    A score s that meets the taken box with the overlap IoU becomes

        linear:    s (1 - IoU) if IoU >= iou_threshold, else s
        gaussian:  s exp(-IoU^2 / sigma)

    A box is dropped once its score is under min_score. (A rule that gave 0 would make this greedy NMS.) Classes are
    not told apart: call it once for each.

    Args:
        boxes: (N, 4), xyxy pixels, floating point.
        scores: (N,), at least 0, of the boxes' dtype and device.
        iou_threshold: IoU from which the linear rule acts.
        sigma: width of the gaussian rule, over 0.
        min_score: the least score worth keeping, at least 0.
        method: "linear" or "gaussian".

    Returns:
        The indices of the kept boxes, (K,) int64, in the order they were taken (the lower index first where scores
        are equal), and their lowered scores, (K,), which fall. The scores have gradients.

    Raises:
        ValueError: if shapes, dtypes or devices do not fit, a box has a negative size or a NaN, a score is NaN or
            negative, sigma is not over 0, min_score is negative, or the method is unknown.

    Example:
        >>> boxes = torch.tensor([[0.0, 0, 4, 4], [0, 1, 4, 4]])  # IoU 3/4: the second keeps a quarter of its score
        >>> soft_nms(boxes, torch.tensor([1.0, 0.5]))
        (tensor([0, 1]), tensor([1.0000, 0.1250]))

    Source: Bodla et al., Soft-NMS: improving object detection with one line of code (2017), section 3.
    """
    check_scored_boxes(boxes, scores)
    if method not in ("linear", "gaussian"):
        raise ValueError(f"method must be linear or gaussian; got {method!r}")
    if not sigma > 0:
        raise ValueError(f"sigma must be over 0; got {sigma}")
    if not min_score >= 0:
        raise ValueError(f"min_score must be at least 0; got {min_score}")
    check_scored_values(boxes, scores)
    if (scores < 0).any():
        raise ValueError(f"scores must be at least 0; got {scores.min().item()}")
    chosen = backend(boxes, scores)
    wide_boxes, wide_scores = widened(boxes), widened(scores)
    if chosen == "numba":
        from seeing.kernels.cpu.soft_nms import soft_nms as twin

        keep, lowered = twin(wide_boxes, wide_scores, iou_threshold, sigma, min_score, method == "gaussian")
    else:
        keep, lowered = _soft_nms(wide_boxes, wide_scores, iou_threshold, sigma, min_score, method)
    return keep, lowered.to(scores.dtype)


def _soft_nms(
    boxes: Tensor, scores: Tensor, iou_threshold: float, sigma: float, min_score: float, method: Method
) -> tuple[Tensor, Tensor]:
    left = torch.where(scores >= min_score)[0]
    scores = scores[left]
    keep, lowered = [left[:0]], [scores[:0]]
    while len(left):
        best = scores.argmax(0, keepdim=True)  # the first of equals
        keep.append(left[best])
        lowered.append(scores[best])
        iou = box_iou(boxes[left[best]], boxes[left])[0]
        if method == "gaussian":
            scores = scores * torch.exp(-(iou**2) / sigma)
        else:
            scores = torch.where(iou >= iou_threshold, scores * (1 - iou), scores)
        stays = (scores >= min_score).index_fill(0, best, False)
        left, scores = left[stays], scores[stays]
    return torch.cat(keep), torch.cat(lowered)
