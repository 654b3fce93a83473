"""The matching rules of `matching`, for all images of a batch at once: their objects in slots, their anchors in common.

Images have different numbers of objects. Their boxes lie in (N, M, 4), M slots an image, and `real` says which slots
hold an object that anchors may learn to find; what stands in the others is never looked at.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.box_checks import check_box_shape
from seeing.ops.checks import check_one_device
from seeing.ops.iou import box_iou
from seeing.ops.matching import ignore_regions, match_argmax, match_ssd


@takes_arrays("boxes", "real", "anchors")
def batched_match_argmax(
    boxes: Tensor, real: Tensor, anchors: Tensor, high: float, low: float, allow_low_quality: bool = False
) -> Tensor:
    """`match_argmax` in each image.

    Args:
        boxes: (N, M, 4) xyxy pixels, M slots for the objects of each of N images.
        real: (N, M) bool, the slots that hold an object.
        anchors: (A, 4) xyxy pixels, the same for each image.
        high: an IoU of at least this is a match.
        low: an IoU under this is background; one between low and high is ignored.
        allow_low_quality: whether each object also forces a match on the anchors that overlap it most.

    Returns:
        (N, A) int64: the slot of the object, -1 for background, -2 for an ignored anchor. An image without objects is
        all background.

    Raises:
        ValueError: if shapes, types or devices do not fit, a box or an anchor is not proper, or low > high.

    Example:
        >>> boxes = torch.tensor([[[0.0, 0, 8, 8], [0, 0, 0, 0]]])  # one image, one object, one empty slot
        >>> anchors = torch.tensor([[0.0, 0, 8, 8], [0, 0, 8, 4], [20, 20, 28, 28]])
        >>> batched_match_argmax(boxes, torch.tensor([[True, False]]), anchors, high=0.6, low=0.4)
        tensor([[ 0, -2, -1]])

    Source: as `match_argmax`.
    """
    return _in_each_image(
        boxes, real, anchors, lambda iou: match_argmax(iou, high, low, allow_low_quality=allow_low_quality)
    )


@takes_arrays("boxes", "real", "anchors")
def batched_match_ssd(boxes: Tensor, real: Tensor, anchors: Tensor, threshold: float = 0.5) -> Tensor:
    """`match_ssd` in each image: first one anchor for each object, then all anchors that overlap one enough.

    Args:
        boxes: (N, M, 4) xyxy pixels, M slots for the objects of each of N images.
        real: (N, M) bool, the slots that hold an object.
        anchors: (A, 4) xyxy pixels, the same for each image.
        threshold: an IoU over this is a match.

    Returns:
        (N, A) int64: the slot of the object or -1 for background.

    Raises:
        ValueError: if shapes, types or devices do not fit, or a box or an anchor is not proper.

    Example:
        >>> boxes = torch.tensor([[[0.0, 0, 8, 8]], [[20, 20, 40, 40]]])  # two images with an object each
        >>> anchors = torch.tensor([[0.0, 0, 8, 8], [0, 0, 8, 6], [20, 20, 28, 28]])
        >>> batched_match_ssd(boxes, torch.ones(2, 1, dtype=torch.bool), anchors)
        tensor([[ 0,  0, -1],
                [-1, -1,  0]])

    Source: as `match_ssd`.
    """
    return _in_each_image(boxes, real, anchors, lambda iou: match_ssd(iou, threshold))


@takes_arrays("matches", "anchors", "boxes", "crowd")
def batched_ignore_regions(
    matches: Tensor, anchors: Tensor, boxes: Tensor, crowd: Tensor, threshold: float = 0.5
) -> Tensor:
    """`ignore_regions` in each image: background anchors that a crowd covers learn nothing instead.

    Args:
        matches: (N, A) int64, from one of the rules.
        anchors: (A, 4) xyxy pixels.
        boxes: (N, M, 4) xyxy pixels, M slots an image.
        crowd: (N, M) bool, the slots that hold a crowd or a void region.
        threshold: the share of an anchor's area that one region must cover, at least.

    Returns:
        (N, A) int64: `matches` with -1 turned into -2 there.

    Raises:
        ValueError: if the shapes do not fit, a region or an anchor is not proper, or the devices differ.

    Example:
        >>> anchors = torch.tensor([[0.0, 0, 4, 4], [20, 20, 24, 24]])
        >>> crowd = torch.tensor([[[0.0, 0, 10, 10]]])  # one image, one slot
        >>> batched_ignore_regions(torch.tensor([[-1, -1]]), anchors, crowd, torch.tensor([[True]]))
        tensor([[-2, -1]])
    """
    _check(boxes, crowd, anchors)
    if matches.shape != (len(boxes), len(anchors)):
        raise ValueError(f"matches must be ({len(boxes)}, {len(anchors)}); got {tuple(matches.shape)}")
    if not crowd.any():
        return matches
    each = zip(matches, boxes, crowd, strict=True)
    return torch.stack([ignore_regions(found, anchors, b[c], threshold) for found, b, c in each])


def _in_each_image(boxes: Tensor, real: Tensor, anchors: Tensor, rule: Callable[[Tensor], Tensor]) -> Tensor:
    """The readable form: image by image, the matrix of IoU and the rule; then objects become slots again."""
    _check(boxes, real, anchors)
    rows = [torch.empty(0, len(anchors), dtype=torch.int64, device=anchors.device)]
    for image_boxes, image_real in zip(boxes, real, strict=True):  # (M, 4), (M,)
        slots = image_real.nonzero()[:, 0]  # (m,)
        matches = rule(box_iou(image_boxes[slots], anchors))  # (A,)
        if len(slots):
            matches = torch.where(matches >= 0, slots[matches.clamp(min=0)], matches)
        rows.append(matches[None])
    return torch.cat(rows)


def _check(boxes: Tensor, real: Tensor, anchors: Tensor) -> None:
    check_box_shape(boxes, "boxes", dim=3)
    check_box_shape(anchors, "anchors", dim=2)
    if real.shape != boxes.shape[:2] or real.dtype != torch.bool:
        raise ValueError(
            f"a bool for each slot, {tuple(boxes.shape[:2])}, was expected; got {real.dtype} {tuple(real.shape)}"
        )
    check_one_device(boxes=boxes, slots=real, anchors=anchors)
