"""Down, writing down where each maximum was, and up again with these notes: what SegNet and DeconvNet share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from torch import Tensor, nn

from seeing.models.layers import stage
from seeing.ops.pooling import max_pool2d_with_indices, max_unpool2d

Note = tuple[Tensor, Sequence[int]]
"""The indices of a pooling, and the height and width that it saw."""


def encoder(channels: Sequence[Sequence[int]]) -> nn.ModuleList:
    """Stages of normalised 3x3 convolutions over an RGB image, for `pool_and_note`.

    Args:
        channels: of each convolution of each stage.
    """
    before = [3, *(of_stage[-1] for of_stage in channels)]
    return nn.ModuleList(stage(a, of_stage, batch_norm=True) for a, of_stage in zip(before, channels, strict=False))


def pool_and_note(
    stages: Iterable[nn.Module],
    x: Tensor,
) -> tuple[Tensor, list[Note]]:
    """Each stage, and a 2x2 pooling after it: the last map, and the notes."""
    notes: list[Note] = []
    for convolutions in stages:
        x = convolutions(x)  # (N, C, H, W)
        size = x.shape[2:]
        x, indices = max_pool2d_with_indices(x, 2)  # (N, C, H // 2, W // 2)
        notes.append((indices, size))
    return x, notes


def unpool_with_notes(
    stages: Iterable[nn.Module],
    x: Tensor,
    notes: Sequence[Note],
) -> Tensor:
    """An unpooling before each stage; the last note is used first."""
    last_first = zip(stages, reversed(notes), strict=True)
    for convolutions, (indices, size) in last_first:
        x = max_unpool2d(x, indices, 2, output_size=size)  # (N, C, H, W)
        x = convolutions(x)
    return x
