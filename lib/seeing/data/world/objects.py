"""The objects of a scene: which, where, how large, in which colours; and how they are painted over each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from seeing.data.world.background import Background
from seeing.data.world.colours import oklch_to_rgb
from seeing.data.world.draws import Draws
from seeing.data.world.records import each_tensor
from seeing.data.world.shapes import (
    CLASSES,
    OUTLINES,
    coordinates,
    rotation,
    rounded_star_area,
    rounded_star_distance,
)
from seeing.data.world.textures import Texture

if TYPE_CHECKING:
    from seeing.data.world.world import World

_TRIES = 8  # places looked at for each object
_GOLDEN = 0.381966  # of a turn: hues this far apart stay apart, however many there are


@dataclass(frozen=True)
class Objects:
    """The objects of N scenes in K slots, the lowest first.

    Attributes:
        labels: (N, K) int64, 1..4; 0 for an empty slot.
        centre: (N, K, 2) x and y, pixels.
        frame: (N, K, 2, 2): times the way from the centre, it gives the object's own coordinates.
        outline: (N, K, 4): points, outer and inner radius in pixels, roundness; see `rounded_star_distance`.
        size: (N, K) pixels: the square root of the area.
        colours: (N, K, 2, 3): a colour, and the step to the texture's second one.
        texture: of each object.
    """

    labels: Tensor
    centre: Tensor
    frame: Tensor
    outline: Tensor
    size: Tensor
    colours: Tensor
    texture: Texture

    @classmethod
    def draw(cls, draws: Draws, world: World, background: Background) -> Objects:
        """Class, colour, size and place are drawn apart from each other: none of them tells another."""
        slots = world.max_objects
        absent = torch.arange(slots) >= draws.integers(world.min_objects, slots)[:, None]
        kinds = draws.integers(1, len(CLASSES) - 1, slots)
        low, high = (math.log(share * min(world.shape)) for share in world.object_size)
        size = draws.between(low, high, slots).exp()
        outline = _outlines(draws, kinds, size, world.hard_pairs)
        return cls(
            labels=kinds.masked_fill(absent, 0),
            centre=_places(draws, size, outline[..., 1], world),
            frame=_frames(draws, kinds, world.stretch),
            outline=outline,
            size=size,
            colours=_colours(draws, background, world),
            texture=Texture.draw(draws, (draws.between(0.16, 0.36, slots) * size).clamp(min=2.5)),
        )

    def paint(self, image: Tensor, x: Tensor, y: Tensor, field: Tensor, drop: int) -> Tensor:
        """Paint each object and its shadow over what lies below.

        Args:
            image: (N, 3, H, W), changed in place.
            x: (N, W) centres of the columns, one pixel apart.
            y: (N, H) centres of the rows.
            field: (N, H, W) in [-1, 1], bends the textures.
            drop: pixels from an object to its shadow, to the right and down; 1 or more.

        Returns:
            (N, K, H, W) bool: the pixels whose centre lies inside each object, hidden or not.
        """
        inside = image.new_zeros(*self.labels.shape, *image.shape[2:], dtype=torch.bool)
        # A place is in the shadow if the place a drop further up and left is in the object. A wider grid holds both.
        before = torch.arange(-drop, 0, device=image.device, dtype=x.dtype)
        x, y = (torch.cat([t[:, :1] + before, t], 1) for t in (x, y))
        for k in range(self.labels.shape[1]):
            rows = self.labels[:, k].nonzero()[:, 0]  # the scenes that have a k-th object
            one = each_tensor(self, itemgetter((rows, k)))
            part = image[rows]
            inside[rows, k] = one._paint(part, x[rows], y[rows], drop, field[rows]) < 0
            image[rows] = part
        return inside

    def _paint(self, image: Tensor, x: Tensor, y: Tensor, drop: int, field: Tensor) -> Tensor:
        """Paint one object of each scene; the signed distance to it, (N, H, W)."""
        right, below = x - self.centre[:, :1], y - self.centre[:, 1:]
        u, v = coordinates(self.frame, right, below)
        points, outer, inner, roundness = self.outline[:, :, None, None].unbind(1)
        wide = rounded_star_distance(u, v, points, outer, inner, roundness)
        distance, before = wide[:, drop:, drop:], wide[:, :-drop, :-drop]
        size = self.size[:, None, None]

        cover = (0.5 - distance).clamp_(0, 1)  # the share of the pixel, for a straight edge along it
        shadow = (0.5 - before * (4 / size)).clamp_(0, 1)
        # Light falls from the upper left: a little on the whole surface, more near the edge, as on a button.
        rim = (distance * (6 / size)).add_(1).clamp_(0, 1)
        slant = -0.5 / outer
        light = (slant[:, 0] * right[:, drop:])[:, None, :] + (slant[:, 0] * below[:, drop:])[:, :, None]
        light = light.mul_(rim.mul_(0.35).add_(0.12)).add_(1).mul_(cover)
        keep = shadow.mul_(shadow).mul_(-0.45).add_(1).mul_(1 - cover)  # of what lies below
        second = self.texture.paint(u[:, drop:, drop:], v[:, drop:, drop:], field).mul_(light)
        colour, step = self.colours[:, :, :, None, None].unbind(1)
        image.mul_(keep[:, None]).addcmul_(light[:, None], colour).addcmul_(second[:, None], step)
        return distance


def _outlines(draws: Draws, kinds: Tensor, size: Tensor, hard_pairs: float) -> Tensor:
    """(N, K, 4); the harder, the closer triangles and squares come to discs, and stars to pentagons."""
    slots = kinds.shape[1:]
    table = torch.tensor([OUTLINES[name] for name in CLASSES[1:]], dtype=torch.float64)
    points, inner, roundness = table[kinds - 1].unbind(-1)
    star = (kinds == CLASSES.index("star")).to(torch.float64)
    softer = draws.uniform(*slots) * (0.04 + (0.36 - 0.24 * star) * hard_pairs)
    roundness = roundness.maximum(0.04 + softer)
    inner = inner + draws.between(0.0, 0.04 + 0.12 * hard_pairs, *slots) * star
    outer = size / rounded_star_area(points, inner, roundness).sqrt()
    return torch.stack([points, outer, inner * outer, roundness], -1)


def _frames(draws: Draws, kinds: Tensor, stretch: float) -> Tensor:
    """(N, K, 2, 2): turn by any angle, stretch along one axis and shrink along the other, so that the area stays."""
    slots = kinds.shape[1:]
    turn = rotation(draws.between(0, 2 * math.pi, *slots))
    ratio = draws.between(0, math.log(stretch) / 2, *slots) * draws.sign(*slots)
    scale = torch.stack([ratio.exp(), (-ratio).exp()], -1).diag_embed()
    # The square has its tips on the axes. Turned by an eighth, it is stretched along its edges, into a rectangle.
    upright = rotation(math.pi / 4 * (kinds == CLASSES.index("square")).to(torch.float64))
    return upright @ scale @ turn


def _places(draws: Draws, size: Tensor, reach: Tensor, world: World) -> Tensor:
    """(N, K, 2): for each object the first of a few places that keeps clear of all objects before it.

    Where there is none, the place that comes closest to it.
    """
    slots = world.max_objects
    canvas = torch.tensor([world.shape[1], world.shape[0]], dtype=torch.float64)
    margin = torch.minimum(0.45 * size[..., None], canvas / 2)[:, :, None]  # (N, K, 1, 2)
    places = margin + (canvas - 2 * margin) * draws.uniform(slots, _TRIES, 2)  # (N, K, T, 2)
    chosen = places[:, :, 0].clone()
    for k in range(1, slots):
        apart = (places[:, k, :, None] - chosen[:, None, :k]).norm(dim=-1)  # (N, T, k)
        wanted = (1 - world.overlap) * (reach[:, :k] + reach[:, k : k + 1])
        room = (apart - wanted[:, None]).amin(-1).clamp(max=0)  # 0: clear
        best = room.argmax(1, keepdim=True)[..., None].expand(-1, 1, 2)
        chosen[:, k] = places[:, k].gather(1, best)[:, 0]
    return chosen


def _colours(draws: Draws, background: Background, world: World) -> Tensor:
    """(N, K, 2, 3): hues apart from each other, lighter than a dark background or darker than a light one."""
    slots = world.max_objects
    away = background.away[:, None]
    gap = draws.between(world.contrast, world.contrast + 0.1, slots)
    lightness = (background.lightness[:, None] + away * gap).clamp(0.42, 0.92)
    chroma = draws.between(0.10, 0.19, slots)
    order = torch.arange(1, slots + 1, dtype=torch.float64)
    hue = (background.hue[:, None] + _GOLDEN * order + draws.between(0.1, 0.3, slots)).frac()
    hue = torch.where(away > 0, hue, 0.36 + 0.86 * hue)  # dark yellow is olive, which pleases nobody
    first = oklch_to_rgb(lightness, chroma, hue)
    step = draws.between(0.08, 0.2, slots) * world.texture * draws.sign(slots)
    second = oklch_to_rgb(
        (lightness + step).clamp(0.25, 0.97),
        chroma * draws.between(0.5, 1.1, slots),
        hue + draws.between(-0.1, 0.1, slots),
    )
    return torch.stack([first, second - first], 2)
