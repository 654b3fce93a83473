"""Segments of an image without any learning: pixels join where the step between them is small for its surroundings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend


@takes_arrays("image")
def felzenszwalb(image: Tensor, scale: float = 100.0, sigma: float = 0.8, min_size: int = 50) -> Tensor:
    """Graph-based segmentation: walk the edges from the cheapest on, and join two segments if neither objects.

    The pixels are the nodes of a graph, and the distance of two neighbours' colours is the cost of their edge. A
    segment objects to an edge that costs at least the costliest edge inside it, plus scale / 255 / its pixels. So
    small segments are easy to persuade, and a busy segment takes steps that a smooth one does not. At the end,
    segments that are too small join the neighbour that is the cheapest to reach.

    Equal to scikit-image's function of this name, label for label; the order of the arguments is the same, the
    defaults are not. The two can differ only where edges cost the same: scikit-image sorts those in an order that
    depends on the machine; here edges to the right come before those down, down and right, and down and left, each
    in reading order.

    Args:
        image: (C, H, W) or (N, C, H, W), floating point, finite, [0, 1]; any C. Other ranges work: 1 is what
            `scale` calls 255. Work is done on the CPU in float64, wherever the image lives.
        scale: at least 0; the larger, the larger the segments. The papers' k.
        sigma: standard deviation in pixels of the Gaussian that smooths the image first; 0 for none.
        min_size: pixels of a segment at the least, unless it is the whole image.

    Returns:
        int64 (H, W) or (N, H, W) on the image's device: segments 0, 1, 2, ..., in the order in which a reader meets
        their first pixels. Segments are connected, corners included. A flat image is one segment.

    Raises:
        ValueError: if `image` has another number of dimensions, is not floating point, has no channel or no pixel,
            or 2**29 pixels or more, or holds a NaN or an infinity; if scale or sigma is negative or not finite.

    Example:
        >>> image = torch.zeros(3, 20, 20)
        >>> image[:, :, 10:] = 1
        >>> felzenszwalb(image, sigma=0)[0, [0, 9, 10, 19]]  # black is one segment, white another
        tensor([0, 0, 1, 1])

    Source: Felzenszwalb and Huttenlocher, Efficient graph-based image segmentation (2004), sections 3 and 4.
    """
    if image.dim() not in (3, 4):
        raise ValueError(f"image must be (C, H, W) or (N, C, H, W); got {tuple(image.shape)}")
    check_image(image)
    check_segmentation(scale, sigma, min_size)
    images = image.detach().to("cpu", torch.float64).reshape(-1, *image.shape[-3:])
    labels = [segment_at_scales(smooth(planes, sigma), [scale], min_size)[0] for planes in images]
    segments = torch.stack(labels) if labels else torch.empty(0, *image.shape[-2:], dtype=torch.int64)
    return segments.reshape(*image.shape[:-3], *image.shape[-2:]).to(image.device)


def check_image(image: Tensor) -> None:
    """Refuse images that have no segments: see `felzenszwalb`."""
    if not image.is_floating_point():
        raise ValueError(f"image must be floating point in [0, 1]; got {image.dtype}")
    channels, height, width = image.shape[-3:]
    if channels == 0 or not 0 < height * width < 2**29:
        raise ValueError(f"image must have a channel, a pixel, and under 2**29 pixels; got {tuple(image.shape)}")
    if not image.isfinite().all():
        raise ValueError(f"image must be finite; got {image[~image.isfinite()][0].item()}")


def check_segmentation(scale: float, sigma: float, min_size: int) -> None:
    """Refuse parameters that mean nothing: see `felzenszwalb`."""
    for name, value in {"scale": scale, "sigma": sigma, "min_size": min_size}.items():
        if not 0 <= value < math.inf:
            raise ValueError(f"{name} must be at least 0 and finite; got {value}")


def smooth(image: Tensor, sigma: float) -> Tensor:
    """Gaussian blur, cut off at 4 sigma; beyond a border the image is mirrored, its last pixel repeated.

    Args:
        image: (C, H, W) float64 on the CPU.
        sigma: standard deviation in pixels; 0 for none.
    """
    reach = int(4 * sigma + 0.5)
    if reach == 0:
        return image
    taps = torch.arange(-reach, reach + 1, dtype=torch.float64).square().mul(-0.5 / sigma**2).exp()
    taps = (taps / taps.sum())[reach:]
    if backend(image) == "numba":
        from seeing.kernels.cpu.superpixels import smooth as twin

        return torch.from_numpy(twin(image.contiguous().numpy(), taps.numpy()))
    for axis in (1, 2):
        length = image.shape[axis]
        positions = torch.arange(length)
        blurred = image * taps[0]
        for j in range(reach, 0, -1):
            both = [image.index_select(axis, _mirror(positions + d, length)) for d in (-j, j)]
            blurred += (both[0] + both[1]) * taps[j]
        image = blurred
    return image


def segment_at_scales(smoothed: Tensor, scales: Sequence[float], min_size: int) -> list[Tensor]:
    """The segmentation of one image at several scales, which share the sorting of the edges.

    Args:
        smoothed: (C, H, W) float64 on the CPU.
        scales: as in `felzenszwalb`.
        min_size: as in `felzenszwalb`.

    Returns:
        int64 labels (H, W), as many as scales.
    """
    shape = smoothed.shape[-2:]
    if backend(smoothed) == "numba":
        from seeing.kernels.cpu.superpixels import components, sorted_edges

        cost, code = sorted_edges(smoothed.contiguous().numpy())
        least = min(math.ceil(min_size), shape.numel())
        segments = [components(cost, code, tuple(shape), float(scale / 255), least) for scale in scales]
        return [torch.from_numpy(labels) for labels in segments]
    cost, start, end = _sorted_edges(smoothed)
    edges = list(zip(cost.tolist(), start.tolist(), end.tolist(), strict=True))
    return [_components(edges, shape.numel(), scale / 255, min_size).view(shape) for scale in scales]


def _sorted_edges(image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Cost, first and second pixel of each edge between 8-neighbours, cheapest first."""
    height, width = image.shape[1:]
    pixels = torch.arange(height * width).view(height, width)
    costs, starts, ends = [], [], []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        near = slice(max(-right, 0), width - max(right, 0))
        far = slice(max(right, 0), width - max(-right, 0))
        top, bottom = slice(0, height - down), slice(down, height)
        total = torch.zeros(())
        for plane in image:
            total = total + (plane[top, near] - plane[bottom, far]).square()
        costs.append(total.sqrt().flatten())
        starts.append(pixels[top, near].flatten())
        ends.append(pixels[bottom, far].flatten())
    cost, order = torch.cat(costs).sort(stable=True)
    return cost, torch.cat(starts)[order], torch.cat(ends)[order]


def _components(edges: Iterable[tuple[float, int, int]], pixels: int, scale: float, min_size: int) -> Tensor:
    """The algorithm itself: (pixels,) labels from the sorted edges (cost, pixel, pixel)."""
    forest = _Forest(pixels)
    # A segment's limit is what an edge must stay under; scikit-image keeps it in single precision.
    limit = [_to_float32(scale)] * pixels
    boundaries = []
    for cost, start, end in edges:
        a, b = forest.root(start), forest.root(end)
        if a == b:
            continue
        if cost < limit[a] and cost < limit[b]:
            root = forest.join(a, b)
            limit[root] = _to_float32(cost + scale / forest.size[root])
        else:
            boundaries.append((start, end))
    for start, end in boundaries:
        a, b = forest.root(start), forest.root(end)
        if a != b and min(forest.size[a], forest.size[b]) < min_size:
            forest.join(a, b)
    number: dict[int, int] = {}
    return torch.tensor([number.setdefault(forest.root(pixel), len(number)) for pixel in range(pixels)])


class _Forest:
    """Sets that only ever join: each is a tree of links that lead to its root."""

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))
        self.size = [1] * count

    def root(self, i: int) -> int:
        """The root of i's tree; on the way up every other link is shortened, so that later ways are short."""
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, a: int, b: int) -> int:
        """Hang the smaller of two trees, given by their roots, under the larger, whose root is returned."""
        if self.size[a] < self.size[b]:
            a, b = b, a
        self.parent[b] = a
        self.size[a] += self.size[b]
        return a


def _mirror(positions: Tensor, length: int) -> Tensor:
    """The pixels that stand in for positions beyond the border: c b a | a b c | c b a."""
    positions = positions % (2 * length)
    return torch.minimum(positions, 2 * length - 1 - positions)


def _to_float32(value: float) -> float:
    return float(np.float32(value))
