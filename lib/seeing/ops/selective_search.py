"""Boxes that may hold an object, whatever it is: the regions of many groupings of the image, each from another view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.colour import rgb_to_hsv, rgb_to_lab
from seeing.ops.grouping import MEASURES, MergeTree, grow
from seeing.ops.region_features import pixel_codes, region_counts
from seeing.ops.superpixels import check_image, check_segmentation, segment_at_scales, smooth

_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class _Views:
    """One grouping for each triple of a colour space, a multiple of the scale, and a set of measures."""

    spaces: tuple[str, ...]
    scales: tuple[int, ...]
    measures: tuple[tuple[str, ...], ...]


_MODES = {
    "single": _Views(("hsv",), (1,), (MEASURES,)),
    "fast": _Views(("hsv", "lab"), (1, 2, 3), (MEASURES, MEASURES[1:])),
    "quality": _Views(
        ("hsv", "lab", "rgi", "hue", "gray"), (1, 2, 3, 4), (MEASURES, MEASURES[1:], ("fill",), ("size",))
    ),
}


@takes_arrays("image")
def selective_search(
    image: Tensor, scale: float = 100.0, sigma: float = 0.8, min_size: int = 50, mode: str = "fast"
) -> Tensor:
    """The boxes of all regions that hierarchical grouping finds, without doubles, the likely ones first.

    One grouping misses objects: a red car is one region by colour, a zebra by texture. So the image is seen in
    several ways, each a `felzenszwalb` segmentation and its tree of merges (see `grouping`):

    | mode | colour spaces | multiples of `scale` | measures | groupings |
    | --- | --- | --- | --- | --- |
    | "single" | HSV | 1 | all | 1 |
    | "fast" | HSV, Lab | 1, 2, 3 | all; all but colour | 12 |
    | "quality" | HSV, Lab, rgI, hue, grey | 1, 2, 3, 4 | all; all but colour; fill; size | 80 |

    The order: a region that was made late in its tree is the more likely object. The box of the k-th last region
    made (1 is the whole image) gets the rank k * u, where u in (0, 1) keeps the largest regions from all coming
    first. u is random in the paper, and here the fractional part of i * 0.618... for the i-th box of all, which
    fills (0, 1) evenly: the same image always gives the same boxes in the same order. A box that comes twice keeps
    its better rank.

    Args:
        image: (3, H, W), floating point, RGB in [0, 1]. Work is done on the CPU in float64.
        scale: as in `felzenszwalb`. A larger one gives fewer boxes.
        sigma: as in `felzenszwalb`.
        min_size: as in `felzenszwalb`; about the area of the smallest objects, in pixels, or less.
        mode: "single", "fast" or "quality".

    Returns:
        (N, 4) float32 xyxy pixels, half open, on the image's device; at least one box, the whole image.

    Raises:
        ValueError: if `image` is not (3, H, W) floating point with a pixel, finite and in [0, 1], if a parameter is
            negative or not finite, or if the mode is unknown.

    Example:
        >>> image = torch.zeros(3, 40, 40)
        >>> image[:, 10:30, 10:30] = 1
        >>> [10.0, 10.0, 30.0, 30.0] in selective_search(image, sigma=0).tolist()
        True

    Source: Uijlings et al., Selective search for object recognition (2013), sections 3 and 5.
    """
    if image.dim() != 3 or image.shape[0] != 3:
        raise ValueError(f"image must be (3, H, W), RGB; got {tuple(image.shape)}")
    check_image(image)
    if image.min() < 0 or image.max() > 1:
        raise ValueError(f"image must be in [0, 1]; got {image.min().item():g}..{image.max().item():g}")
    check_segmentation(scale, sigma, min_size)
    if mode not in _MODES:
        raise ValueError(f"mode must be one of {tuple(_MODES)}; got {mode!r}")
    trees = _groupings(image.detach().to("cpu", torch.float64), scale, sigma, min_size, _MODES[mode])
    boxes, positions = [], []
    for tree in trees:
        boxes.append(tree.boxes)
        positions.append(torch.arange(len(tree.boxes), 0, -1, dtype=torch.float64))
    return _likely_first(torch.cat(boxes), torch.cat(positions)).to(image.device)


def _groupings(image: Tensor, scale: float, sigma: float, min_size: int, views: _Views) -> Iterator[MergeTree]:
    for space in views.spaces:
        planes = _planes(image, space)
        smoothed = smooth(planes, sigma)
        codes = pixel_codes(planes, smoothed)
        for labels in segment_at_scales(smoothed, [scale * multiple for multiple in views.scales], min_size):
            counts = region_counts(labels, *codes)
            for measures in views.measures:
                yield grow(labels, *counts, measures)


def _planes(image: Tensor, space: str) -> Tensor:
    """An RGB image in another colour space, every channel within [0, 1]."""
    if space == "hsv":
        return rgb_to_hsv(image)
    if space == "hue":
        return rgb_to_hsv(image)[:1]
    if space == "lab":
        lightness, green_red, blue_yellow = rgb_to_lab(image)
        return torch.stack([lightness / 100, (green_red + 128) / 255, (blue_yellow + 128) / 255])
    if space == "rgi":
        total = image.sum(0)
        return torch.cat([image[:2] / torch.where(total > 0, total, 1), total[None] / 3])
    return image.mean(0, keepdim=True)


def _likely_first(boxes: Tensor, positions: Tensor) -> Tensor:
    """Order boxes by rank, see `selective_search`, and keep the first of equal ones."""
    spread = torch.arange(1, len(boxes) + 1, dtype=torch.float64) * _GOLDEN % 1
    boxes = boxes[(positions * spread).argsort(stable=True)]
    _, group = boxes.unique(dim=0, return_inverse=True)
    first = torch.full((int(group.max()) + 1,), len(boxes))
    first = first.scatter_reduce(0, group, torch.arange(len(boxes)), "amin")
    return boxes[first.sort().values]
