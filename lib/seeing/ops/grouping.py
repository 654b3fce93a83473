"""From segments to a tree of regions: again and again, the two neighbours that look most alike become one."""

from __future__ import annotations

import math
import warnings
from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.ops.checks import check_one_device
from seeing.ops.region_features import COLOUR_BINS, pixel_codes, region_counts
from seeing.ops.superpixels import check_image, smooth

MEASURES = ("colour", "texture", "size", "fill")


@dataclass(frozen=True)
class MergeTree:
    """Regions 0..R-1 are the segments; region R + t is made by merge t; the last one is the whole image.

    Attributes:
        children: (R - 1, 2) int64: the two regions of each merge, the smaller number first.
        similarities: (R - 1,) float64: how similar they were, in [0, number of measures].
        boxes: (2R - 1, 4) float32 xyxy pixels, half open: the smallest box around each region.
        sizes: (2R - 1,) int64: pixels of each region.
    """

    children: Tensor
    similarities: Tensor
    boxes: Tensor
    sizes: Tensor

    def cut(self, regions: int) -> Tensor:
        """The segmentation with that many regions: `tree.cut(k)[labels]` gives it as an image.

        Args:
            regions: 1..R.

        Returns:
            (R,) int64: for each segment a number 0..regions-1, in the order of their first segments.

        Raises:
            ValueError: if `regions` is not in 1..R.
        """
        segments = len(self.children) + 1
        if not 1 <= regions <= segments:
            raise ValueError(f"regions must be in 1..{segments}, the number of segments; got {regions}")
        members = [[segment] for segment in range(segments)]
        for a, b in self.children[: segments - regions].tolist():
            members.append(members[a] + members[b])
            members[a] = members[b] = []
        numbers = torch.empty(segments, dtype=torch.int64)
        for number, group in enumerate(sorted(sorted(group) for group in members if group)):
            numbers[group] = number
        return numbers.to(self.children.device)


@takes_arrays("labels", "image")
def grouping(labels: Tensor, image: Tensor, measures: Collection[str] = MEASURES, sigma: float = 0.8) -> MergeTree:
    """Merge the most similar two neighbouring regions until one is left: the hierarchy of selective search.

    The similarity of two regions is the sum of the chosen measures, each in [0, 1]:

    - colour: intersection of their colour histograms, 25 bins a channel.
    - texture: intersection of their histograms of gradients. Each pixel of each channel votes for the compass
      direction, of eight, that is the closest to its gradient's, or for "flat" where the gradient is under 0.05.
      (The paper counts ten strengths for each of eight directions; one vote a pixel does as well, for a ninth of
      the work.)
    - size: 1 minus the share of the image that both fill, so that small regions merge early.
    - fill: 1 minus the share of the image that is in the box around both, but in neither: how well they fit.

    Of equally similar pairs the first in the order of their region numbers merges. Regions touch along sides of
    pixels, not at corners.

    Args:
        labels: (H, W) int64: segments 0..R-1, each with a pixel, such as `felzenszwalb` gives.
        image: (C, H, W), floating point, finite, [0, 1], of any colour space; values beyond go to the last bins.
            Work is done on the CPU in float64.
        measures: some of "colour", "texture", "size" and "fill".
        sigma: standard deviation in pixels of the blur before the gradients are taken; 0 for none.

    Returns:
        The tree, on the device of the labels. One segment makes a tree without merges.

    Raises:
        ValueError: if a shape or dtype does not fit, the devices differ, a segment has no pixel, a label is
            negative, no measure is given or one is unknown, or `image` is not finite.

    Example:
        >>> labels = torch.tensor([[0, 1, 2]]).repeat_interleave(4, 0)
        >>> tree = grouping(labels, torch.tensor([0.0, 0.0, 1.0]).expand(3, 4, 3))
        >>> tree.children.tolist()  # the two black columns first, then all
        [[0, 1], [2, 3]]

    Source: Uijlings et al., Selective search for object recognition (2013), sections 3.1 and 3.2.
    """
    if image.dim() != 3 or labels.shape != image.shape[-2:] or labels.dtype != torch.int64:
        raise ValueError(
            f"image must be (C, H, W) and labels (H, W) int64; got {tuple(image.shape)} and "
            f"{labels.dtype} {tuple(labels.shape)}"
        )
    check_image(image)
    check_one_device(labels=labels, image=image)
    if not 0 <= sigma < math.inf:
        raise ValueError(f"sigma must be at least 0 and finite; got {sigma}")
    if "color" in measures:
        text = 'the measure "color" is now "colour"; the old name goes with the next release'
        warnings.warn(text, DeprecationWarning, stacklevel=3)  # up through `takes_arrays` to the line that asked
        measures = ["colour" if name == "color" else name for name in measures]
    if not measures or not set(measures) <= set(MEASURES):
        raise ValueError(f"measures must be some of {MEASURES}; got {tuple(measures)}")
    names = labels.unique()
    if names[0] != 0 or names[-1] != len(names) - 1:
        found = f"{len(names)} labels in {int(names[0])}..{int(names[-1])}"
        raise ValueError(f"labels must be 0..R-1, each with a pixel; got {found}")
    planes = image.detach().to("cpu", torch.float64)
    codes = pixel_codes(planes, smooth(planes, sigma))
    tree = grow(labels.cpu(), *region_counts(labels.cpu(), *codes), measures)
    return MergeTree(*(part.to(labels.device) for part in (tree.children, tree.similarities, tree.boxes, tree.sizes)))


def grow(labels: Tensor, colour: Tensor, texture: Tensor, measures: Collection[str]) -> MergeTree:
    """The tree itself, see `grouping`.

    Args:
        labels: (H, W) int64, 0..R-1, on the CPU.
        colour: (R, C * 25) int32, from `region_counts`.
        texture: (R, C * 9) int32.
        measures: some of `MEASURES`.
    """
    channels = colour.shape[1] // COLOUR_BINS
    if backend(labels) == "numba":
        from seeing.kernels.cpu.grouping import merge as twin

        chosen = torch.tensor([name in measures for name in MEASURES])
        arrays = (t.contiguous().numpy() for t in (labels, colour, texture))
        boxes, sizes, children, similarities = map(torch.from_numpy, twin(*arrays, channels, chosen.numpy()))
        return MergeTree(children, similarities, boxes.float(), sizes)
    regions = _regions(labels, colour.long(), texture.long())
    likeness = {
        (a, b): _similarity(regions[a], regions[b], channels, labels.numel(), measures) for a, b in _touching(labels)
    }
    merges = []
    while likeness:
        a, b = min(likeness, key=lambda pair: (-likeness[pair], pair))
        merges.append((a, b, likeness[a, b]))
        touching = {i for pair in likeness if a in pair or b in pair for i in pair} - {a, b}
        likeness = {pair: value for pair, value in likeness.items() if a not in pair and b not in pair}
        new = len(regions)
        regions.append(_union(regions[a], regions[b]))
        for i in touching:
            likeness[i, new] = _similarity(regions[i], regions[new], channels, labels.numel(), measures)
    return MergeTree(
        torch.tensor([merge[:2] for merge in merges], dtype=torch.int64).view(-1, 2),
        torch.tensor([merge[2] for merge in merges], dtype=torch.float64),
        torch.tensor([region.box for region in regions], dtype=torch.float32),
        torch.tensor([region.size for region in regions]),
    )


@dataclass(frozen=True)
class _Region:
    size: int
    box: tuple[int, int, int, int]
    colour: Tensor
    texture: Tensor


def _regions(labels: Tensor, colour: Tensor, texture: Tensor) -> list[_Region]:
    regions = []
    for label, counts in enumerate(zip(colour, texture, strict=True)):
        rows, columns = (labels == label).nonzero().unbind(1)
        box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        regions.append(_Region(len(rows), box, *counts))
    return regions


def _union(a: _Region, b: _Region) -> _Region:
    return _Region(a.size + b.size, _enclosing(a.box, b.box), a.colour + b.colour, a.texture + b.texture)


def _enclosing(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, int, int, int]:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _similarity(a: _Region, b: _Region, channels: int, pixels: int, measures: Collection[str]) -> float:
    total = 0.0
    if "colour" in measures:
        total += _shared(a.colour, b.colour, a.size, b.size) / (channels * a.size * b.size)
    if "texture" in measures:
        total += _shared(a.texture, b.texture, a.size, b.size) / (channels * a.size * b.size)
    if "size" in measures:
        total += 1 - (a.size + b.size) / pixels
    if "fill" in measures:
        x1, y1, x2, y2 = _enclosing(a.box, b.box)
        total += 1 - ((x2 - x1) * (y2 - y1) - (a.size + b.size)) / pixels
    return total


def _shared(p: Tensor, q: Tensor, size_p: int, size_q: int) -> int:
    """What two histograms have in common, times both sizes: a whole number, so that no rounding decides a tie."""
    return int(torch.minimum(p * size_q, q * size_p).sum())


def _touching(labels: Tensor) -> list[tuple[int, int]]:
    """Pairs of segments, the smaller number first, that have neighbouring pixels."""
    beside = torch.stack([labels[:, :-1].flatten(), labels[:, 1:].flatten()], 1)
    below = torch.stack([labels[:-1].flatten(), labels[1:].flatten()], 1)
    pairs = torch.cat([beside, below]).sort(1).values.unique(dim=0)
    return [(a, b) for a, b in pairs.tolist() if a != b]
