"""Matrix non-maximum suppression: soft suppression of all boxes or masks at once, without a loop."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.box_checks import check_scored_boxes, check_scored_values
from seeing.ops.boxes import widened
from seeing.ops.checks import check_one_device, values_can_be_read
from seeing.ops.iou import box_iou, quotient
from seeing.ops.soft_nms import Method


@takes_arrays("regions", "scores", "idxs")
def matrix_nms(
    regions: Tensor,
    scores: Tensor,
    idxs: Tensor | None = None,
    sigma: float = 0.5,
    min_score: float = 0.0,
    method: Method = "gaussian",
) -> tuple[Tensor, Tensor]:
    """Lower each score by the overlap with better regions, as far as these were not lowered themselves.

    Let f fall with the overlap: f(x) = exp(-x^2 / sigma), or 1 - x. Then region j keeps the share

        min over all better i of   f(IoU[i, j]) / f(max over all k better than i of IoU[k, i])

    of its score. The denominator stands for the chance that i was suppressed, and so should not suppress j.

    Args:
        regions: (N, 4) xyxy boxes, floating point, or (N, H, W) bool masks.
        scores: (N,), at least 0, floating point: of the boxes' dtype, and on the same device.
        idxs: (N,) categories; if given, only regions of one category meet.
        sigma: width of the gaussian, over 0.
        min_score: regions whose lowered score is under this are left out.
        method: "gaussian" or "linear".

    Returns:
        The indices of the regions, (K,) int64, by falling lowered score (the better one before first where equal),
        and these scores, (K,), which have gradients.

    Raises:
        ValueError: if shapes, dtypes or devices do not fit, a box has a negative size or a NaN, a score is NaN or
            negative, sigma is not over 0, or the method is unknown.

    Example:
        >>> boxes = torch.tensor([[0.0, 0, 4, 4], [0, 1, 4, 4]])  # IoU 3/4: the second keeps a quarter of its score
        >>> matrix_nms(boxes, torch.tensor([1.0, 0.5]), method="linear")
        (tensor([0, 1]), tensor([1.0000, 0.1250]))

    Source: Wang et al., SOLOv2: dynamic and fast instance segmentation (2020), the section on Matrix NMS.
    """
    _check(regions, scores, idxs)
    if method not in ("linear", "gaussian"):
        raise ValueError(f"method must be linear or gaussian; got {method!r}")
    if not sigma > 0:
        raise ValueError(f"sigma must be over 0; got {sigma}")
    if not len(scores):
        return scores.new_empty(0, dtype=torch.int64), scores

    order = scores.argsort(descending=True, stable=True)
    regions, lowered = regions[order], widened(scores)[order]
    iou = box_iou(regions, regions) if regions.dim() == 2 else _mask_iou(regions)
    iou = iou.triu(1)  # [i, j]: i is better
    if idxs is not None:
        iou = iou * (idxs[order][:, None] == idxs[order])
    worst = iou.amax(0)[:, None]
    if method == "gaussian":
        share = torch.exp((worst**2 - iou**2) / sigma)
    else:
        # A region with an equal better one is sure to be suppressed: it has no say.
        share = ((1 - iou) / (1 - worst).masked_fill(worst >= 1, 1)).masked_fill(worst >= 1, torch.inf)
    lowered = lowered * share.amin(0)  # the best region has the row f(IoU), at most 1

    ranks = lowered.argsort(descending=True, stable=True)
    ranks = ranks[lowered[ranks] >= min_score]
    return order[ranks], lowered[ranks].to(scores.dtype)


def _mask_iou(masks: Tensor) -> Tensor:
    """(N, N), of (N, H, W) bool masks; two empty ones give 0. Exact up to 2^24 pixels."""
    flat = masks.flatten(1).float()
    inter = flat @ flat.T
    area = flat.sum(1)
    return quotient(inter, area[:, None] + area - inter)


def _check(regions: Tensor, scores: Tensor, idxs: Tensor | None) -> None:
    if regions.dim() == 3:
        if regions.dtype != torch.bool:
            raise ValueError(f"masks must be bool; got {regions.dtype}")
        if scores.shape != regions.shape[:1] or not scores.is_floating_point():
            raise ValueError(
                f"scores must be floating point, ({len(regions)},); got {scores.dtype} {tuple(scores.shape)}"
            )
        check_one_device(masks=regions, scores=scores)
    else:
        check_scored_boxes(regions, scores)
    if idxs is not None:
        if idxs.shape != scores.shape:
            raise ValueError(f"idxs must be ({len(scores)},); got {tuple(idxs.shape)}")
        check_one_device(scores=scores, idxs=idxs)
    if values_can_be_read(scores):
        if regions.dim() == 2:
            check_scored_values(regions, scores)
        if not (scores >= 0).all():
            raise ValueError(f"scores must be at least 0, without NaN; got {scores.min().item()}")
