"""Which object each anchor learns to find, decided by IoU: the rules of R-CNN's heads, of the RPN and of SSD.

Every rule returns the same thing: an (N,) int64 tensor with the index of the matched object for each anchor,
BACKGROUND (-1) for an anchor that learns "nothing here", and IGNORED (-2) for one that learns nothing.

Match with the ordinary objects only; then let `ignore_regions` take out the anchors in crowds and void regions.
"""

from __future__ import annotations

import heapq

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.box_checks import check_proper_boxes
from seeing.ops.checks import check_one_device, values_can_be_read

BACKGROUND = -1
IGNORED = -2


@takes_arrays("iou")
def match_argmax(iou: Tensor, high: float, low: float, allow_low_quality: bool = False) -> Tensor:
    """Each anchor's object of highest IoU, if that is high enough.

    Equal to torchvision's `Matcher`, and like it in this: a forced match follows the anchor's own best object, which
    may be another than the one that forced it; and an object that touches no anchor has its best IoU, 0, with every
    anchor that is 0 with it, and forces them all. `match_rpn` guards against the latter.

    Args:
        iou: (M, N) IoU of M objects and N anchors, floating point. Of equal values the first object wins.
        high: an IoU of at least this is a match.
        low: an IoU under this is background; one between low and high is ignored.
        allow_low_quality: whether each object also forces a match on the anchors that overlap it most (on all of
            several equal ones), however little that is.

    Returns:
        (N,) int64: the object, BACKGROUND or IGNORED. Without objects all is background (torchvision refuses that).

    Raises:
        ValueError: if `iou` is not a floating-point matrix or has NaN, or low > high.

    Example:
        >>> iou = torch.tensor([[0.8, 0.2, 0.55, 0.6]])  # one object, four anchors
        >>> match_argmax(iou, high=0.6, low=0.5)  # its own, background, ignored, its own
        tensor([ 0, -1, -2,  0])

    Source: Ren et al., Faster R-CNN (2015), section 3.1.2; Girshick, Fast R-CNN (2015), section 2.3.
    """
    return _match(iou, high, low, forcing=-torch.inf if allow_low_quality else torch.inf)


@takes_arrays("iou")
def match_rpn(iou: Tensor, high: float = 0.7, low: float = 0.3) -> Tensor:
    """The region proposal network's rule: IoU of at least .7, or the highest with an object; under .3 is background.

    `match_argmax` with forced matches, except that an object that touches no anchor forces none.

    Args:
        iou: (M, N) IoU of M objects and N anchors.
        high: an IoU of at least this is a match.
        low: an IoU under this is background; one between low and high is ignored.

    Returns:
        (N,) int64: the object, BACKGROUND or IGNORED.

    Raises:
        ValueError: as `match_argmax`.

    Example:
        >>> match_rpn(torch.tensor([[0.75, 0.2, 0.1], [0.2, 0.4, 0.0]]))  # the second object's best has only .4
        tensor([ 0,  1, -1])

    Source: Ren et al., Faster R-CNN (2015), section 3.1.2.
    """
    return _match(iou, high, low, forcing=0)


@takes_arrays("iou")
def match_ssd(iou: Tensor, threshold: float = 0.5) -> Tensor:
    """SSD's rule: each object gets one anchor of its own first; then an anchor takes any object over the threshold.

    The first step goes through the pairs by falling IoU and joins an object and an anchor that are both free, so two
    objects that want the same anchor both get one. torchvision's `SSDMatcher` lets the later object take it, counts
    an IoU of exactly the threshold as a match, and gives anchor 0 to an object that touches none; it agrees elsewhere.

    Args:
        iou: (M, N) IoU of M objects and N anchors, floating point. Of equal values the first object's first anchor
            wins.
        threshold: an IoU over this is a match.

    Returns:
        (N,) int64: the object or BACKGROUND. An object without a free anchor that touches it goes without.

    Raises:
        ValueError: if `iou` is not a floating-point matrix or has NaN.

    Example:
        >>> match_ssd(torch.tensor([[0.6, 0.7, 0.1], [0.0, 0.2, 0.3]]))  # the last anchor is the second object's own
        tensor([0, 0, 1])

    Source: Liu et al., SSD (2016), section 2.2, "Matching strategy"; Erhan et al., MultiBox (2014).
    """
    _check_iou(iou)
    if 0 in iou.shape:
        return _all_background(iou)
    best, matches = iou.max(dim=0)  # (N,) each
    _check_no_nan(best)
    matches = torch.where(best > threshold, matches, BACKGROUND)
    owners = _one_to_one(iou)
    if owners:
        taken = torch.tensor([*owners.keys()], device=iou.device)
        matches[taken] = torch.tensor([*owners.values()], device=iou.device)
    return matches


@takes_arrays("matches", "anchors", "regions")
def ignore_regions(matches: Tensor, anchors: Tensor, regions: Tensor, threshold: float = 0.5) -> Tensor:
    """Background anchors that lie in a crowd or a void region learn nothing instead.

    Args:
        matches: (N,) int64, from one of the rules.
        anchors: (N, 4) xyxy pixels; for points, boxes of no size.
        regions: (R, 4) xyxy pixels; R may be 0.
        threshold: the share of an anchor's area that one region must cover, at least. An anchor of no width (or
            height) is covered along that side where it is inside the region or on its edge.

    Returns:
        (N,) int64: `matches` with BACKGROUND turned into IGNORED there.

    Raises:
        ValueError: if the shapes do not fit, a box is not proper, or the devices differ.

    Example:
        >>> anchors = torch.tensor([[0.0, 0, 4, 4], [0, 0, 4, 4], [20, 20, 24, 24]])
        >>> ignore_regions(torch.tensor([0, -1, -1]), anchors, regions=torch.tensor([[0.0, 0, 10, 10]]))
        tensor([ 0, -2, -1])
    """
    check_proper_boxes(anchors, "anchors", dim=2)
    check_proper_boxes(regions, "regions", dim=2)
    check_one_device(matches=matches, anchors=anchors, regions=regions)
    if matches.shape != anchors.shape[:1]:
        raise ValueError(f"matches must be ({len(anchors)},), one for each anchor; got {tuple(matches.shape)}")
    corner = torch.maximum(anchors[:, None, :2], regions[:, :2])  # (N, R, 2)
    shared = torch.minimum(anchors[:, None, 2:], regions[:, 2:]) - corner  # (N, R, 2)
    size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (N, 1, 2)
    share = torch.where(size > 0, shared.clamp(min=0) / size, (shared >= 0).to(shared.dtype))  # (N, R, 2)
    covered = (share.prod(dim=-1) >= threshold).any(dim=-1)  # (N,)
    return torch.where(covered & (matches == BACKGROUND), IGNORED, matches)


def _match(iou: Tensor, high: float, low: float, forcing: float) -> Tensor:
    """The highest IoU between two thresholds; an object forces a match where its best IoU is over `forcing`."""
    _check_iou(iou)
    if not low <= high:
        raise ValueError(f"low must not be over high; got {low} and {high}")
    if 0 in iou.shape:
        return _all_background(iou)
    best, matches = iou.max(dim=0)  # (N,) each
    _check_no_nan(best)
    matched = best >= high
    if forcing < torch.inf:
        most = iou.amax(dim=1, keepdim=True)  # (M, 1)
        forced = iou == most.masked_fill(most <= forcing, torch.nan)  # (M, N)
        matched |= forced.any(dim=0)  # (N,)
    return torch.where(matched, matches, torch.where(best < low, BACKGROUND, IGNORED))


def _one_to_one(iou: Tensor) -> dict[int, int]:
    """Anchor: object, for the pairs that a greedy choice by falling IoU joins.

    Each object waits with its best anchor. When its turn comes and that one is gone, it queues again with the best of
    those that are left: an IoU can only be lower then, so the order stays right.
    """
    values, anchors = (column.tolist() for column in iou.max(dim=1))
    queue = [(-value, row, anchor) for row, (value, anchor) in enumerate(zip(values, anchors, strict=True))]
    heapq.heapify(queue)
    owners: dict[int, int] = {}
    while queue and queue[0][0] < 0 and len(owners) < iou.shape[1]:
        _, row, anchor = heapq.heappop(queue)
        if anchor not in owners:
            owners[anchor] = row
            continue
        left = iou[row].clone()
        left[list(owners)] = -1
        value, anchor = left.max(dim=0)
        heapq.heappush(queue, (-value.item(), row, anchor.item()))
    return owners


def _all_background(iou: Tensor) -> Tensor:
    return torch.full((iou.shape[1],), BACKGROUND, dtype=torch.int64, device=iou.device)


def _check_iou(iou: Tensor) -> None:
    if iou.dim() != 2 or not iou.is_floating_point():
        raise ValueError(
            f"iou must be a floating-point (M, N) of objects and anchors; got {iou.dtype} {tuple(iou.shape)}"
        )


def _check_no_nan(best: Tensor) -> None:
    """`best` is the maximum over the objects, which keeps every NaN."""
    if values_can_be_read(best) and bool(best.isnan().any()):
        raise ValueError("iou must be without NaN")
