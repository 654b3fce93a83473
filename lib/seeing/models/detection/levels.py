"""Maps of several levels as one long row of anchors, which is how losses and detections see a pyramid."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def flatten_levels(maps: Sequence[Tensor], columns: int) -> Tensor:
    """What a head says on every level, an anchor a row: level after level, row by row, the anchors of a cell together.

    Args:
        maps: for each level (N, A columns, H_l, W_l), A anchors a cell; A may differ between the levels.
        columns: numbers for each anchor, such as 4 or the number of classes.

    Returns:
        (N, sum of H_l W_l A, columns).
    """
    rows = [level.permute(0, 2, 3, 1).reshape(len(level), -1, columns) for level in maps]  # each (N, H W A, columns)
    return torch.cat(rows, dim=1)


def map_sizes(maps: Sequence[Tensor]) -> list[tuple[int, int]]:
    """(height, width) of each map."""
    return [(level.shape[-2], level.shape[-1]) for level in maps]


def level_numbers(sizes: Sequence[tuple[int, int]], per_cell: int, device: torch.device | str | None = None) -> Tensor:
    """Of which level each anchor is, counted from 0.

    Args:
        sizes: (height, width) of each level's map.
        per_cell: anchors in each cell.
        device: of the result.

    Returns:
        (sum of H_l W_l per_cell,) int64, in the order of `flatten_levels`.
    """
    counts = [height * width * per_cell for height, width in sizes]
    return torch.cat([torch.full((count,), number, device=device) for number, count in enumerate(counts)])


def clip_to_images(boxes: Tensor, images: Tensor, image_sizes: Sequence[tuple[int, int]]) -> Tensor:
    """Boxes of several images, each cut at the border of its own.

    Args:
        boxes: (K, 4) xyxy pixels.
        images: (K,) int64, the image of each box.
        image_sizes: (height, width) of each image.

    Returns:
        (K, 4).
    """
    limits = torch.tensor([(w, h, w, h) for h, w in image_sizes], dtype=boxes.dtype, device=boxes.device)  # (N, 4)
    return torch.minimum(boxes.clamp(min=0), limits[images])
