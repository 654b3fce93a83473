"""What a region looks like, as two histograms of whole numbers: the colours of its pixels, and their gradients."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from seeing.kernels import backend

COLOUR_BINS = 25
DIRECTIONS = 9
FLAT = 0.05
"""Gradients under this, per pixel, have no direction: a twentieth of the range of a channel."""


def pixel_codes(image: Tensor, smoothed: Tensor) -> tuple[Tensor, Tensor]:
    """What each pixel votes for in the two histograms.

    Args:
        image: (C, H, W) float64 on the CPU.
        smoothed: the same, blurred.

    Returns:
        Two uint8 (C, H, W): the colour's bin 0..24, and the gradient's direction 3 * (dy + 1) + dx + 1, where dx and
        dy are -1, 0 or 1, so that 4 is flat. Gradients are central differences, the border pixels repeated.
    """
    if backend(image) == "numba":
        from seeing.kernels.cpu.region_features import pixel_codes as twin

        codes = twin(image.contiguous().numpy(), smoothed.contiguous().numpy(), COLOUR_BINS, FLAT)
        return torch.from_numpy(codes[0]), torch.from_numpy(codes[1])
    colour = (image * COLOUR_BINS).floor().clamp(0, COLOUR_BINS - 1)
    across, down = _central_difference(smoothed, 2), _central_difference(smoothed, 1)
    # The eight directions meet half-way: at 22.5 degrees, whose tangent this is.
    narrow = math.sqrt(2) - 1
    dx = torch.where(across.abs() >= narrow * down.abs(), across.sign(), 0)
    dy = torch.where(down.abs() >= narrow * across.abs(), down.sign(), 0)
    steep = across * across + down * down >= FLAT * FLAT
    return colour.to(torch.uint8), torch.where(steep, 3 * dy + dx + 4, 4).to(torch.uint8)


def region_counts(labels: Tensor, colour: Tensor, texture: Tensor) -> tuple[Tensor, Tensor]:
    """The two histograms of each segment, in pixels.

    Args:
        labels: (H, W) int64, 0..R-1.
        colour: (C, H, W) uint8, from `pixel_codes`.
        texture: the same.

    Returns:
        int32 (R, C * 25) and (R, C * 9).
    """
    regions = int(labels.max()) + 1
    return _count(labels, colour, regions, COLOUR_BINS), _count(labels, texture, regions, DIRECTIONS)


def _central_difference(image: Tensor, axis: int) -> Tensor:
    places = torch.arange(image.shape[axis])
    after = image.index_select(axis, (places + 1).clamp(max=len(places) - 1))
    before = image.index_select(axis, (places - 1).clamp(min=0))
    return (after - before) / 2


def _count(labels: Tensor, codes: Tensor, regions: int, bins: int) -> Tensor:
    if backend(labels) == "numba":
        from seeing.kernels.cpu.region_features import count_codes as twin

        return torch.from_numpy(twin(codes.contiguous().numpy(), labels.contiguous().numpy(), regions, bins))
    per_channel = [
        torch.bincount((labels * bins + plane).flatten(), minlength=regions * bins).view(regions, bins)
        for plane in codes.long()
    ]
    return torch.cat(per_channel, 1).to(torch.int32)
