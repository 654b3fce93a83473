"""SSD's default boxes: anchors whose sizes are fractions of the image, one scale for each feature map."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from seeing.ops.anchors import check_positive
from seeing.ops.window import IntOrPair, pair


def ssd_default_boxes(
    image_size: IntOrPair,
    feature_sizes: Sequence[IntOrPair],
    aspect_ratios: Sequence[Sequence[float]],
    *,
    min_ratio: float = 0.15,
    max_ratio: float = 0.9,
    scales: Sequence[float] | None = None,
    steps: Sequence[float] | None = None,
    clip: bool = True,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str | None = None,
) -> Tensor:
    """SSD's default boxes: in each cell two squares, and a wide and a high box for each aspect ratio.

    SSD300 has 8,732: maps of 38, 19, 10, 5, 3 and 1 cells a side with aspect ratios [2], [2, 3], [2, 3], [2, 3], [2]
    and [2], so 4, 6, 6, 6, 4 and 4 boxes a cell; scales .07, .15, .33, .51, .69, .87 and 1.05; steps 8, 16, 32, 64,
    100 and 300.

    Args:
        image_size: the image's (H, W) in pixels.
        feature_sizes: (H, W) of each of L maps.
        aspect_ratios: for each map its ratios (over 1 by custom: each also stands for its inverse).
        min_ratio: scale of the first map as a fraction of the image, if `scales` is None.
        max_ratio: scale of the last map, if `scales` is None.
        scales: L + 1 fractions of the image: a map's own scale, and the next one's, which shapes its larger square.
            If None, evenly spaced from min_ratio to max_ratio, then 1.
        steps: pixels from cell to cell for each map; the image's size over the map's if None.
        clip: whether to cut widths and heights at the image's. The boxes still reach over its border.
        dtype: of the result.
        device: of the result.

    Returns:
        (N, 4) xyxy pixels, map after map.

    Raises:
        ValueError: if the lengths differ, or a scale, a ratio or a step is not positive.

    Example:
        >>> ssd_default_boxes((300, 300), [(38, 38), (1, 1)], [[2], [2]]).shape  # 4 in each of 38 x 38 + 1 cells
        torch.Size([5780, 4])

    Source: Liu et al., SSD (2016), section 2.2, "Choosing scales and aspect ratios for default boxes".
    """
    count = len(feature_sizes)
    if scales is None:
        scales = [*_evenly_spaced(min_ratio, max_ratio, count), 1.0 if count > 1 else max_ratio]
    if len(aspect_ratios) != count or len(scales) != count + 1 or (steps is not None and len(steps) != count):
        raise ValueError(
            f"for {count} feature maps there must be {count} aspect_ratios, {count + 1} scales and {count} steps; got "
            f"{len(aspect_ratios)}, {len(scales)} and {'None' if steps is None else len(steps)}"
        )
    check_positive(scales, "scales")
    height, width = pair(image_size, "image_size", 1)
    levels = [torch.empty(0, 4, device=device)]
    for k in range(count):
        rows, columns = pair(feature_sizes[k], "feature_sizes", 1)
        if steps is not None:
            check_positive(steps, "steps")
            down, across = height / steps[k], width / steps[k]
        else:
            down, across = rows, columns
        y = (torch.arange(rows, device=device) + 0.5) / down
        x = (torch.arange(columns, device=device) + 0.5) / across
        centre = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], dim=-1).view(-1, 1, 2)
        shapes = torch.tensor(_ssd_shapes(scales[k], scales[k + 1], aspect_ratios[k]), device=device)
        half = 0.5 * (shapes.clamp(max=1) if clip else shapes)  # (A, 2)
        levels.append(torch.cat([centre - half, centre + half], dim=-1).flatten(0, 1))
    image = torch.tensor([width, height, width, height], device=device)
    return (torch.cat(levels) * image).to(dtype)


def _ssd_shapes(scale: float, next_scale: float, aspect_ratios: Sequence[float]) -> list[tuple[float, float]]:
    """(width, height) of one cell's boxes, as fractions of the image."""
    check_positive(aspect_ratios, "aspect_ratios")
    between = math.sqrt(scale * next_scale)
    shapes = [(scale, scale), (between, between)]
    for ratio in aspect_ratios:
        root = math.sqrt(ratio)
        shapes += [(scale * root, scale / root), (scale / root, scale * root)]
    return shapes


def _evenly_spaced(first: float, last: float, count: int) -> list[float]:
    return [first + (last - first) * k / max(1, count - 1) for k in range(count)]
