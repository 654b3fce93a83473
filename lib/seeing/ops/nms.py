"""Greedy non-maximum suppression: of boxes that overlap much, the one with the highest score stays.

Suppression is a fixed point. Sort the boxes by falling score and let `over[i, j]` say that box i comes before box j
and overlaps it by more than the threshold. A box is kept exactly if no kept box is over it:

    keep[j] = not any(over[i, j] and keep[i] for all i).

`over` is upper triangular, so the equation has one solution: box 0 is kept, and each box hangs on earlier ones only.
Putting any `keep` into the right side repeatedly reaches it: after k rounds at least the first k boxes are settled,
and where chains of overlaps are short a handful of rounds will do.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.ops.box_checks import check_scored_boxes, check_scored_values
from seeing.ops.boxes import widened
from seeing.ops.checks import check_one_device
from seeing.ops.iou import intersection_and_union

BLOCK = 512
"""Boxes whose fixed point is sought at once: the reference's memory grows with BLOCK * N, not with N^2."""


@takes_arrays("boxes", "scores")
def nms(boxes: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    """Go through the boxes by falling score; keep each that overlaps no kept one by more than the threshold.

    Equal to `torchvision.ops.nms`, index for index: of equal scores the first box comes first, and an IoU is
    computed in the boxes' dtype (float32 for half precision) and compared with the threshold as a double. Boxes
    without area are neither suppressed nor suppress, unless the threshold is negative. In a program under
    `torch.compile` it is one opaque op, whose output has a size known only at run time.

    Args:
        boxes: (N, 4), xyxy pixels, floating point. Infinite coordinates pass; their IoU is 0 or, not over anything,
            NaN.
        scores: (N,), of the boxes' dtype and device; infinities pass.
        iou_threshold: usually in [0, 1]. From 1 on every box stays. A negative one leaves, of boxes with area, the
            best.

    Returns:
        (K,) int64, the indices of the kept boxes, by falling score.

    Raises:
        ValueError: if shapes, dtypes or devices do not fit, a box has a negative size or a NaN, a score is NaN, or
            the threshold is NaN. To see the values costs one wait on CUDA.

    Example:
        >>> boxes = torch.tensor([[0.0, 0, 4, 4], [0, 1, 4, 4], [4, 4, 8, 8]])  # the first two overlap by 12 / 16
        >>> nms(boxes, torch.tensor([0.9, 0.8, 0.7]), iou_threshold=0.5)
        tensor([0, 2])

    Source: Felzenszwalb et al., Object detection with discriminatively trained part-based models (2010), section 5.
    """
    check_scored_boxes(boxes, scores)
    _check_threshold(iou_threshold)
    if torch.compiler.is_compiling():
        return _nms_op(boxes, scores, iou_threshold)
    return _nms(boxes.detach(), scores.detach(), float(iou_threshold))


@takes_arrays("boxes", "scores", "idxs")
def batched_nms(boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float) -> Tensor:
    """`nms` within each category, all results together by falling score.

    `torchvision.ops.batched_nms` shifts small inputs so that categories lie apart, which rounds the coordinates: an
    IoU near the threshold may then fall on its other side. Here, as there for large inputs, nothing is shifted.

    Args:
        boxes: (N, 4), as `nms` takes them.
        scores: (N,).
        idxs: (N,), the category of each box, on the boxes' device: integers of any size and sign, or floats.
        iou_threshold: as in `nms`.

    Returns:
        (K,) int64, the indices of the kept boxes by falling score, the lower index first where scores are equal.

    Raises:
        ValueError: as `nms`, and if `idxs` is not (N,), of numbers.

    Example:
        >>> boxes = torch.tensor([[0.0, 0, 4, 4], [0, 1, 4, 4]])
        >>> batched_nms(boxes, torch.tensor([0.9, 0.8]), torch.tensor([1, 2]), 0.5)  # of two classes
        tensor([0, 1])
    """
    check_scored_boxes(boxes, scores)
    _check_threshold(iou_threshold)
    if idxs.shape != scores.shape or idxs.is_complex() or idxs.dtype == torch.bool:
        raise ValueError(
            f"idxs must hold a number for each of {len(scores)} boxes; got {idxs.dtype} {tuple(idxs.shape)}"
        )
    check_one_device(boxes=boxes, idxs=idxs)
    if torch.compiler.is_compiling():
        return _batched_nms_op(boxes, scores, idxs, iou_threshold)
    return _batched_nms(boxes.detach(), scores.detach(), idxs.detach(), float(iou_threshold))


def _nms(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """The op without its checks of shape."""
    chosen = backend(boxes, scores, differentiable=True)  # indices have no gradient
    boxes, scores = widened(boxes), widened(scores)
    if chosen == "numba":
        from seeing.kernels.cpu.nms import nms as numba_twin

        keep = numba_twin(boxes, scores, threshold)
        if keep is not None:
            return keep
    check_scored_values(boxes, scores)
    if chosen == "triton" and boxes.dtype == torch.float32:
        from seeing.kernels.gpu.nms import nms as triton_twin

        return triton_twin(boxes, scores, round_down(threshold, boxes.dtype))
    return _greedy(boxes, scores, round_down(threshold, boxes.dtype))


def _batched_nms(boxes: Tensor, scores: Tensor, idxs: Tensor, threshold: float) -> Tensor:
    """The op without its checks of shape."""
    chosen = backend(boxes, scores, idxs, differentiable=True)
    boxes, scores = widened(boxes), widened(scores)
    idxs = idxs.unique(return_inverse=True)[1] if idxs.is_floating_point() else idxs.long()
    if chosen == "numba":
        from seeing.kernels.cpu.nms import batched_nms as numba_twin

        keep = numba_twin(boxes, scores, idxs, threshold)
        if keep is not None:
            return keep
    check_scored_values(boxes, scores)
    limit = round_down(threshold, boxes.dtype)
    if chosen == "triton" and boxes.dtype == torch.float32:
        from seeing.kernels.gpu.nms import nms as triton_twin

        return triton_twin(boxes, scores, limit, idxs)
    kept = [scores.new_empty(0, dtype=torch.int64)]
    for category in idxs.unique():
        members = torch.where(idxs == category)[0]
        kept.append(members[_greedy(boxes[members], scores[members], limit)])
    keep = torch.cat(kept).sort().values  # (K,)
    return keep[scores[keep].argsort(descending=True, stable=True)]


def _greedy(boxes: Tensor, scores: Tensor, limit: float) -> Tensor:
    """The reference: block by block, first the fixed point within the block, then what it suppresses further on."""
    left = scores.argsort(descending=True, stable=True)
    kept = [left[:0]]
    while len(left):
        block, left = left[:BLOCK], left[BLOCK:]
        block = block[_fixed_point(_over(boxes[block], boxes[block], limit).triu(1))]
        left = left[~_over(boxes[block], boxes[left], limit).any(0)]
        kept.append(block)
    return torch.cat(kept)


def _fixed_point(over: Tensor) -> Tensor:
    """keep[j] = not any(over[i, j] and keep[i]), for an upper triangular `over`."""
    keep = torch.ones(len(over), dtype=torch.bool, device=over.device)
    while True:
        settled = ~(over & keep[:, None]).any(0)  # (N,)
        if torch.equal(settled, keep):
            return keep
        keep = settled


def _over(a: Tensor, b: Tensor, limit: float) -> Tensor:
    """Which pairs have an IoU over the limit; 0 / 0, for two boxes without area, is over none."""
    inter, union = intersection_and_union(a[:, None], b)  # (A, B)
    return inter / union > limit


def round_down(threshold: float, dtype: torch.dtype) -> float:
    """The largest number of this dtype that is not over the threshold.

    A number of this dtype is over the threshold exactly if it is over that. (To round to nearest would not do: the
    float32 nearest to 0.1 is over 0.1, but not over itself.)

    Args:
        threshold: any double, not NaN.
        dtype: floating point.
    """
    nearest = torch.tensor(threshold, dtype=dtype)
    if nearest.item() > threshold:
        nearest = nearest.nextafter(torch.tensor(-math.inf, dtype=dtype))
    return nearest.item()


def _check_threshold(iou_threshold: float) -> None:
    if math.isnan(iou_threshold):
        raise ValueError("iou_threshold must be a number; got NaN")


@torch.library.custom_op("seeing::nms", mutates_args=())
def _nms_op(boxes: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    return _nms(boxes, scores, iou_threshold)


@torch.library.custom_op("seeing::batched_nms", mutates_args=())
def _batched_nms_op(boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float) -> Tensor:
    return _batched_nms(boxes, scores, idxs, iou_threshold)


@_nms_op.register_fake
def _(boxes: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    return boxes.new_empty(torch.library.get_ctx().new_dynamic_size(), dtype=torch.int64)


@_batched_nms_op.register_fake
def _(boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float) -> Tensor:
    return boxes.new_empty(torch.library.get_ctx().new_dynamic_size(), dtype=torch.int64)
