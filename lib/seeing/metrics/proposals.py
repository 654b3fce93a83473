"""How well class-free boxes cover the objects: a detector that looks only at them can find no others.

Each function takes one image, or one list entry for each image of a data set, whose objects are then counted together.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.checks import check_one_device
from seeing.ops.iou import box_iou

OneOrMany = Tensor | Sequence[Tensor]


@takes_arrays(each=("proposals", "boxes"))
def best_overlaps(proposals: OneOrMany, boxes: OneOrMany) -> Tensor:
    """For each object, the IoU of the proposal that covers it best.

    Args:
        proposals: (N, 4) xyxy pixels, or a sequence of such, one an image.
        boxes: (M, 4) xyxy pixels, the objects, or a sequence of as many.

    Returns:
        (M,), or (M1 + M2 + ...,) for a sequence, in [0, 1]; 0 for the objects of an image without proposals.

    Raises:
        ValueError: if the sequences differ in length, a shape is not (N, 4), or a box has a negative size or a NaN.

    Example:
        >>> best_overlaps([[0.0, 0, 4, 4], [0, 0, 2, 4]], [[0.0, 0, 4, 4], [20, 20, 24, 24]])
        tensor([1., 0.], dtype=torch.float64)
    """
    if isinstance(proposals, Tensor) and isinstance(boxes, Tensor):
        return _best_overlaps(proposals, boxes)
    if isinstance(proposals, Tensor) or isinstance(boxes, Tensor):
        raise ValueError("proposals and boxes must be two tensors or two sequences of tensors; got one of each")
    if len(proposals) != len(boxes):
        raise ValueError(f"proposals and boxes must be of as many images; got {len(proposals)} and {len(boxes)}")
    overlaps = [_best_overlaps(p, b) for p, b in zip(proposals, boxes, strict=True)]
    return torch.cat(overlaps) if overlaps else torch.empty(0)


@takes_arrays(each=("proposals", "boxes"))
def mean_best_overlap(proposals: OneOrMany, boxes: OneOrMany) -> Tensor:
    """The mean over the objects of `best_overlaps`; over one class, the paper's average best overlap.

    Args:
        proposals: as in `best_overlaps`.
        boxes: as in `best_overlaps`.

    Returns:
        A scalar in [0, 1]; NaN without objects.

    Raises:
        ValueError: as `best_overlaps`.

    Example:
        >>> mean_best_overlap([[0.0, 0, 2, 4]], [[0.0, 0, 4, 4], [20, 20, 24, 24]])  # (1/2 + 0) / 2
        tensor(0.2500, dtype=torch.float64)

    Source: Uijlings et al., Selective search for object recognition (2013), section 5, equation 7.
    """
    return best_overlaps(proposals, boxes).mean()


@takes_arrays(each=("proposals", "boxes"))
def recall(proposals: OneOrMany, boxes: OneOrMany, threshold: float = 0.5) -> Tensor:
    """The share of the objects that some proposal covers with an IoU of at least `threshold`.

    Args:
        proposals: as in `best_overlaps`.
        boxes: as in `best_overlaps`.
        threshold: in [0, 1].

    Returns:
        A scalar in [0, 1]; NaN without objects.

    Raises:
        ValueError: as `best_overlaps`, and if the threshold is not in [0, 1].

    Example:
        >>> recall([[0.0, 0, 4, 4]], [[0.0, 0, 4, 4], [20, 20, 24, 24]])
        tensor(0.5000, dtype=torch.float64)

    Source: Hosang et al., What makes for effective detection proposals? (2016), section 4.1.
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be in [0, 1]; got {threshold}")
    overlaps = best_overlaps(proposals, boxes)
    return (overlaps >= threshold).to(overlaps.dtype).mean()


def _best_overlaps(proposals: Tensor, boxes: Tensor) -> Tensor:
    for name, value in {"proposals": proposals, "boxes": boxes}.items():
        if value.dim() != 2 or value.shape[1] != 4:
            raise ValueError(f"{name} must be (N, 4); got {tuple(value.shape)}")
    check_one_device(proposals=proposals, boxes=boxes)
    overlaps = box_iou(boxes, proposals)
    return overlaps.amax(1) if len(proposals) else overlaps.new_zeros(len(boxes))
