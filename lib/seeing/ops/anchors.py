"""Where a detector looks: the points and the anchor boxes that tile an image, one grid for each feature map.

Every grid runs row by row; the anchors of one cell follow each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from seeing.ops.window import IntOrPair, pair


def grid_centers(
    feature_size: IntOrPair,
    stride: IntOrPair,
    *,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str | None = None,
) -> Tensor:
    """The centre of every cell of a feature map, in pixels of the image: ((column + .5) stride, (row + .5) stride).

    Args:
        feature_size: the map's (H, W); 0 is allowed.
        stride: pixels from one cell to the next, vertical and horizontal.
        dtype: of the result, floating point.
        device: of the result.

    Returns:
        (H W, 2) xy pixels.

    Raises:
        ValueError: if a size is negative or a stride under 1.

    Example:
        >>> grid_centers((1, 3), stride=8)
        tensor([[ 4.,  4.],
                [12.,  4.],
                [20.,  4.]])

    Source: Tian et al., FCOS (2019), section 3.1 (there floor(s / 2) + column s, the same for an even stride).
    """
    return _grid(feature_size, stride, 0.5, device).to(dtype)


def grid_anchors(
    feature_size: IntOrPair,
    stride: IntOrPair,
    sizes: Sequence[float],
    aspect_ratios: Sequence[float],
    *,
    offset: float = 0.0,
    rounded: bool = True,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str | None = None,
) -> Tensor:
    """Anchors of every size and aspect ratio, around a point of each cell of one feature map.

    The defaults give torchvision's anchors: around the upper left corner of each cell, with corners rounded to whole
    pixels (half to even) before they are moved there. So a 32 pixel anchor of ratio 1/2 is 46 wide and 22 high,
    not 45.3 and 22.6.

    Args:
        feature_size: the map's (H, W); 0 is allowed.
        stride: pixels from one cell to the next, vertical and horizontal.
        sizes: S square roots of areas, pixels, over 0.
        aspect_ratios: R ratios height / width, over 0.
        offset: where in its cell an anchor has its centre: 0 in the upper left corner, .5 in the middle.
        rounded: whether to round the corners around the point to whole pixels.
        dtype: of the result, floating point.
        device: of the result.

    Returns:
        (H W R S, 4) xyxy pixels, reaching over the image at its border. In a cell the ratio changes last.

    Raises:
        ValueError: if a map's size is negative, or a stride, a size or a ratio not positive.

    Example:
        >>> grid_anchors((1, 2), stride=8, sizes=[16], aspect_ratios=[1], offset=0.5)
        tensor([[-4., -4., 12., 12.],
                [ 4., -4., 20., 12.]])

    Source: Ren et al., Faster R-CNN (2015), section 3.1.1.
    """
    check_positive(sizes, "sizes")
    check_positive(aspect_ratios, "aspect_ratios")
    size = torch.tensor(sizes, dtype=torch.float32, device=device)
    root = torch.tensor(aspect_ratios, dtype=torch.float32, device=device).sqrt()
    width = ((1 / root)[:, None] * size).flatten()  # (R S,)
    height = (root[:, None] * size).flatten()  # (R S,)
    around_zero = torch.stack([-width, -height, width, height], dim=-1) / 2  # (R S, 4)
    if rounded:
        around_zero = around_zero.round()
    points = _grid(feature_size, stride, offset, device).repeat(1, 2)  # (H W, 4)
    return (points[:, None] + around_zero).flatten(0, 1).to(dtype)  # (H W R S, 4)


def pyramid_anchors(
    image_size: IntOrPair,
    feature_sizes: Sequence[IntOrPair],
    sizes: Sequence[Sequence[float]],
    aspect_ratios: Sequence[float] | Sequence[Sequence[float]],
    *,
    offset: float = 0.0,
    rounded: bool = True,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str | None = None,
) -> list[Tensor]:
    """The anchors of a feature pyramid: `grid_anchors` for each map, with the stride that its size implies.

    Args:
        image_size: the image's (H, W) in pixels.
        feature_sizes: (H, W) of each of L maps; the stride is image // map, as torchvision has it.
        sizes: for each map, its anchors' sizes in pixels.
        aspect_ratios: for each map, its ratios height / width; or one set of ratios for all.
        offset: as in `grid_anchors`.
        rounded: as in `grid_anchors`.
        dtype: of the result.
        device: of the result.

    Returns:
        L tensors (N_l, 4) xyxy pixels; `torch.cat` makes the (N, 4) that the heads predict for.

    Raises:
        ValueError: if the lengths differ, or a map is larger than the image.

    Example:
        >>> anchors = pyramid_anchors((64, 64), [(8, 8), (4, 4)], sizes=[[16], [32]], aspect_ratios=[0.5, 1, 2])
        >>> [len(level) for level in anchors]  # cells times 1 size times 3 ratios
        [192, 48]

    Source: Lin et al., Feature pyramid networks (2017), section 4.1.
    """
    of_each_map = [ratios for ratios in aspect_ratios if isinstance(ratios, Sequence)]
    of_all = [ratio for ratio in aspect_ratios if not isinstance(ratio, Sequence)]
    ratios_of_maps = of_each_map or [of_all] * len(feature_sizes)
    if not len(feature_sizes) == len(sizes) == len(ratios_of_maps):
        raise ValueError(
            "feature_sizes, sizes and aspect_ratios must have one entry for each map; "
            f"got {len(feature_sizes)}, {len(sizes)} and {len(ratios_of_maps)}"
        )
    image = pair(image_size, "image_size", 1)
    levels = []
    for feature_size, level_sizes, ratios in zip(feature_sizes, sizes, ratios_of_maps, strict=True):
        cells = pair(feature_size, "feature_sizes", 1)
        stride = (image[0] // cells[0], image[1] // cells[1])
        if min(stride) < 1:
            raise ValueError(f"a feature map {cells} cannot be larger than the image {image}")
        levels.append(
            grid_anchors(cells, stride, level_sizes, ratios, offset=offset, rounded=rounded, dtype=dtype, device=device)
        )
    return levels


def _grid(feature_size: IntOrPair, stride: IntOrPair, offset: float, device: torch.device | str | None) -> Tensor:
    """(H W, 2) xy pixels: a point of each cell, `offset` of a stride from its upper left corner."""
    rows, columns = pair(feature_size, "feature_size", 0)
    down, across = pair(stride, "stride", 1)
    y = (torch.arange(rows, dtype=torch.float32, device=device) + offset) * down  # (H,)
    x = (torch.arange(columns, dtype=torch.float32, device=device) + offset) * across  # (W,)
    return torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], dim=-1).view(-1, 2)


def check_positive(values: Sequence[float], name: str) -> None:
    """Refuse sizes, ratios, scales and the like that are not over 0.

    Raises:
        ValueError: if a value is 0 or under, infinite or NaN.
    """
    if not all(value > 0 and math.isfinite(value) for value in values):
        raise ValueError(f"{name} must be numbers over 0; got {list(values)}")
