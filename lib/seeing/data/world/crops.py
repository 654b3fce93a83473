"""A window on one object of each scene, or on an empty place: what a classifier learns from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from seeing.data.world.draws import Draws

if TYPE_CHECKING:
    from seeing.data.world.layout import Layout
    from seeing.data.world.world import World

_TRIES = 8  # places looked at for an empty one


def look_closer(
    layout: Layout, draws: Draws, world: World, size: int, background: float, jitter: float
) -> tuple[Layout, Tensor, Tensor]:
    """Choose a window for each scene.

    Args:
        layout: N scenes.
        draws: what the scenes were drawn from; it is drawn from further.
        world: the scenes' world.
        size: of the windows, pixels.
        background: share of windows with an empty middle.
        jitter: pixels from the middle of the window to the object's centre, at most, along each axis.

    Returns:
        The scenes, without the objects that would lie in the middle of an empty window; the windows' upper left
        corners (N, 2), x and y in pixels; the labels (N,) int64.
    """
    objects = layout.objects
    count = (objects.labels > 0).sum(1)
    each = torch.arange(len(count))
    topmost = (count - 1).clamp(min=0)  # nothing hides it
    empty = (draws.uniform() < background) | (count == 0)
    labels = torch.where(empty, 0, objects.labels[each, topmost])

    canvas = torch.tensor([world.shape[1], world.shape[0]], dtype=torch.float64)
    places = draws.uniform(_TRIES, 2) * canvas  # (N, T, 2)
    reach = objects.outline[..., 1] * world.stretch**0.5  # (N, K)
    room = (places[:, :, None] - objects.centre[:, None]).norm(dim=-1) - reach[:, None]  # (N, T, K)
    room = room.masked_fill(objects.labels[:, None] == 0, torch.inf)
    free = places[each, room.amin(2).argmax(1)]
    middle = torch.where(empty[:, None], free, objects.centre[each, topmost])

    near = (objects.centre - middle[:, None]).norm(dim=-1) < reach + size / 4  # (N, K)
    objects = replace(objects, labels=objects.labels.masked_fill(near & empty[:, None], 0))
    corner = middle + draws.between(-jitter, jitter, 2) - size / 2
    return replace(layout, objects=objects), corner, labels
