"""Which object each place learns to find, decided by centres rather than by a fixed IoU: the rules of FCOS and ATSS.

Both return an (N,) int64 tensor: the index of the object, or BACKGROUND (-1). See `matching` for crowds.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.box_checks import check_proper_boxes
from seeing.ops.box_coding import encode_ltrb
from seeing.ops.checks import check_one_device
from seeing.ops.iou import box_iou
from seeing.ops.matching import BACKGROUND


@takes_arrays("boxes", each=("points",))
def match_fcos(
    points: Sequence[Tensor],
    boxes: Tensor,
    strides: Sequence[float],
    size_ranges: Sequence[tuple[float, float]],
    radius: float | None = 1.5,
) -> Tensor:
    """FCOS's rule: a point inside a box of its level's size finds it; of several boxes, the one of smallest area.

    Args:
        points: for each level of the pyramid, (N_l, 2) xy pixels; see `grid_centers`.
        boxes: (M, 4) xyxy pixels. Of equal areas the first box wins.
        strides: for each level, its stride in pixels.
        size_ranges: for each level, the least and the greatest distance in pixels from a point to the farthest side
            of its box, both included. The paper's: (0, 64), (64, 128), (128, 256), (256, 512), (512, inf).
        radius: centre sampling: the point must also be less than this many strides from the box's centre,
            horizontally and vertically. None: anywhere inside the box.

    Returns:
        (N,) int64 for the points of all levels: the box or BACKGROUND. A point on a box's edge is outside it.

    Raises:
        ValueError: if the lengths differ, a shape is wrong, a box is not proper, or the devices differ.

    Example:
        >>> points = [grid_centers((1, 3), stride=8)]  # at x = 4, 12 and 20
        >>> match_fcos(points, torch.tensor([[8.0, 0, 24, 8]]), strides=[8], size_ranges=[(0, 64)])
        tensor([-1,  0,  0])

    Source: Tian et al., FCOS (2019), sections 3.1 and 3.2; centre sampling: its journal version (2020), section 3.1.
    """
    check_proper_boxes(boxes, "boxes", dim=2)
    if not len(points) == len(strides) == len(size_ranges):
        raise ValueError(
            "points, strides and size_ranges must have one entry for each level; "
            f"got {len(points)}, {len(strides)} and {len(size_ranges)}"
        )
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    levels = [torch.empty(0, dtype=torch.int64, device=boxes.device)]
    for level, stride, (least, greatest) in zip(points, strides, size_ranges, strict=True):
        if level.dim() != 2 or level.shape[1] != 2:
            raise ValueError(f"points must be (N, 2) on each level; got {tuple(level.shape)}")
        distances = encode_ltrb(boxes, level[:, None])  # (N_l, M, 4)
        farthest = distances.amax(dim=-1)
        fits = (distances.amin(dim=-1) > 0) & (farthest >= least) & (farthest <= greatest)
        if radius is not None:
            fits &= (level[:, None] - centres).abs().amax(dim=-1) < radius * stride
        levels.append(_cheapest(torch.where(fits, area, torch.inf)))
    return torch.cat(levels)


@takes_arrays("boxes", each=("anchors",))
def match_atss(anchors: Sequence[Tensor], boxes: Tensor, topk: int = 9) -> Tensor:
    """Adaptive training sample selection: each object sets its own IoU threshold, from the anchors near its centre.

    For each object the `topk` anchors of every level with the nearest centres are candidates. The mean plus the
    standard deviation (n - 1 in the denominator) of their IoU is the threshold. A candidate with at least that IoU,
    and its centre inside the object, is positive.

    Args:
        anchors: for each level of the pyramid, (N_l, 4) xyxy pixels; see `pyramid_anchors`.
        boxes: (M, 4) xyxy pixels.
        topk: candidates from each level; a smaller level gives all it has. Of equally near ones the first count.

    Returns:
        (N,) int64 for the anchors of all levels: the object or BACKGROUND. An anchor that is positive for several
        objects goes to the one with the highest IoU, the first of equal ones.

    Raises:
        ValueError: if a shape is wrong, a box is not proper, topk is under 1, or the devices differ.

    Example:
        >>> anchors = [grid_anchors((1, 3), 8, sizes=[8], aspect_ratios=[1], offset=0.5)]
        >>> match_atss(anchors, torch.tensor([[8.0, 0, 16, 8]]))
        tensor([-1,  0, -1])

    Source: Zhang et al., Bridging the gap between anchor-based and anchor-free detection (2020), algorithm 1.
    """
    check_proper_boxes(boxes, "boxes", dim=2)
    if topk < 1:
        raise ValueError(f"topk must be at least 1; got {topk}")
    for level in anchors:
        check_proper_boxes(level, "anchors", dim=2)
        check_one_device(anchors=level, boxes=boxes)
    every = torch.cat([boxes.new_empty(0, 4), *anchors])
    candidates = _nearest(anchors, boxes, topk)  # (C, M)
    if candidates.numel() == 0:
        return torch.full((len(every),), BACKGROUND, dtype=torch.int64, device=boxes.device)
    iou = box_iou(every, boxes)
    overlap = iou.gather(0, candidates)
    # One candidate has no spread: its own IoU is the threshold.
    spread = overlap.std(dim=0) if len(overlap) > 1 else 0
    centres = ((every[:, :2] + every[:, 2:]) / 2)[candidates]  # (C, M, 2)
    inside = encode_ltrb(boxes, centres).amin(dim=-1) > 0
    positive = inside & (overlap >= overlap.mean(dim=0) + spread)
    quality = torch.full_like(iou, -torch.inf).scatter(0, candidates, overlap.masked_fill(~positive, -torch.inf))
    return _cheapest(-quality)


def _nearest(anchors: Sequence[Tensor], boxes: Tensor, topk: int) -> Tensor:
    """(C, M): of every level, the `topk` anchors with the nearest centres to each box, as indices into all anchors."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    chosen, start = [torch.empty(0, len(boxes), dtype=torch.int64, device=boxes.device)], 0
    for level in anchors:
        offset = ((level[:, :2] + level[:, 2:]) / 2)[:, None] - centres
        # Cells of a grid are often equally near. `topk` would choose among them differently on each device.
        order = offset.square().sum(dim=-1).argsort(dim=0, stable=True)
        chosen.append(order[:topk] + start)
        start += len(level)
    return torch.cat(chosen)


def _cheapest(cost: Tensor) -> Tensor:
    """(N,): for each row of (N, M) the first column of least cost; BACKGROUND where all costs are infinite."""
    if 0 in cost.shape:
        return torch.full((len(cost),), BACKGROUND, dtype=torch.int64, device=cost.device)
    least, column = cost.min(dim=1)
    return torch.where(least < torch.inf, column, BACKGROUND)
