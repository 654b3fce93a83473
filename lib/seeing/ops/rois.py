"""What RoIAlign and RoIPool take: boxes in either of torchvision's two forms, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def boxes_to_rois(boxes: Tensor | Sequence[Tensor], input: Tensor) -> Tensor:
    """Boxes of a batch in one table: a box and the number of its image in each row.

    Reads shapes and types only, so that `torch.compile` can follow; `check_rois` looks at the numbers.

    Args:
        boxes: (K, 5), each row an image number and an xyxy box in pixels; or for each image an (L, 4) tensor of
            xyxy boxes. Any floating-point type.
        input: (N, C, H, W), the map they lie on, floating point, H and W at least 1.

    Returns:
        (K, 5), in float64 for a float64 map and in float32 for all others. No gradient leads back to the boxes.

    Raises:
        ValueError: if the shapes, types or devices are not these.
    """
    if input.dim() != 4 or not input.is_floating_point() or 0 in input.shape[2:]:
        raise ValueError(
            f"input must be floating point, (N, C, H, W) with at least one pixel; got {input.dtype} "
            f"{tuple(input.shape)}"
        )
    dtype = torch.float64 if input.dtype == torch.float64 else torch.float32
    if isinstance(boxes, Tensor):
        _check_table(boxes, 5, "(K, 5): image number, x1, y1, x2, y2", input)
        return boxes.detach().to(dtype)
    rois = [input.new_empty(0, 5, dtype=dtype)]
    for image, some in enumerate(boxes):
        if not isinstance(some, Tensor):  # a mapping
            raise ValueError(f"boxes must be a tensor, or hold one for each image; got {type(boxes).__name__}")
        _check_table(some, 4, "(L, 4) for each image: x1, y1, x2, y2", input)
        some = some.detach().to(dtype)
        rois.append(torch.cat([some.new_full((len(some), 1), image), some], 1))  # (L, 5)
    return torch.cat(rois)  # (K, 5)


def check_rois(rois: Tensor, images: int) -> None:
    """Refuse boxes that name no image, are not finite, or are inside out.

    Args:
        rois: (K, 5), as `boxes_to_rois` makes them.
        images: the number of images N.

    Raises:
        ValueError: naming the first such box.
    """
    image = rois[:, 0]  # (K,)
    fine = rois.isfinite()
    fine[:, 0] &= (image >= 0) & (image < images) & (image == image.floor())
    fine[:, 3:] &= rois[:, 3:] >= rois[:, 1:3]
    if fine.all():  # the only look at a number: a GPU has to be waited for here
        return
    k = int(fine.all(1).logical_not().nonzero()[0])
    number, *box = rois[k].tolist()
    if not fine[k, 0]:
        raise ValueError(f"boxes must name an image from 0 to {images - 1}; box {k} names {number:g}")
    raise ValueError(f"boxes must be finite, with x1 <= x2 and y1 <= y2; box {k} is {box}")


def check_scale(spatial_scale: float) -> None:
    """Refuse a scale that is not a positive number."""
    if not 0 < spatial_scale < float("inf"):
        raise ValueError(f"spatial_scale must be positive: map pixels per box pixel; got {spatial_scale}")


def _check_table(boxes: Tensor, columns: int, form: str, input: Tensor) -> None:
    if boxes.dim() != 2 or boxes.shape[1] != columns or not boxes.is_floating_point():
        raise ValueError(f"boxes must be floating point, {form}; got {boxes.dtype} {tuple(boxes.shape)}")
    if boxes.device != input.device:
        raise ValueError(f"boxes must be on the input's device, {input.device}; got {boxes.device}")
