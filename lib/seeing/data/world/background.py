"""What lies behind the objects: a ramp between two colours over a smooth field, and bars that belong to no class."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from seeing.data.world.colours import oklch_to_rgb
from seeing.data.world.draws import Draws
from seeing.data.world.records import each_tensor
from seeing.data.world.shapes import coordinates, rotation, stroke_distance
from seeing.data.world.textures import Texture

if TYPE_CHECKING:
    from seeing.data.world.world import World

_WAVES = 3
_NOWHERE = -1e6  # pixels: the width of a bar that is not there, which no place is near
_MIDDLE = 0.62  # lightness between dark and light backgrounds: objects lie on the other side of it


@dataclass(frozen=True)
class Background:
    """The backgrounds of N scenes.

    Attributes:
        lightness: (N,) of the first colour, 0 to 1.
        hue: (N,) of the first colour, in turns.
        colours: (N, 2, 3): a colour, and the step to the second one.
        ramp: (N, 3): share of the second colour at the corner of the picture, and its growth a pixel along x and y.
        waves: (N, 3, 2, 2): of each of three waves, along x and along y, radians a pixel and a phase.
        relief: (N,) how much the smooth field adds to the ramp.
        texture: of the background.
        texture_frame: (N, 2, 2): times a place in the picture, it gives the texture's coordinates.
        texture_strength: (N,) how much the texture adds to the ramp.
    """

    lightness: Tensor
    hue: Tensor
    colours: Tensor
    ramp: Tensor
    waves: Tensor
    relief: Tensor
    texture: Texture
    texture_frame: Tensor
    texture_strength: Tensor

    @classmethod
    def draw(cls, draws: Draws, world: World) -> Background:
        """Either dark or light, never in between, so that objects have room for their contrast."""
        canvas = torch.tensor([world.shape[1], world.shape[0]], dtype=torch.float64)
        dark = draws.uniform() < 0.45
        lightness = torch.where(dark, draws.between(0.33, 0.45), draws.between(0.80, 0.92))
        chroma = draws.between(0.02, 0.075)
        # Dark yellow and brown look muddy: dark backgrounds go from green over blue to purple.
        hue = torch.where(dark, draws.between(0.42, 1.0), draws.uniform())
        first = oklch_to_rgb(lightness, chroma, hue)
        step = draws.between(0.04, 0.1) * draws.sign()
        second = oklch_to_rgb(lightness + step, chroma * draws.between(0.7, 1.5), hue + draws.between(-0.1, 0.1))

        direction = draws.between(0, 2 * math.pi)
        slope = 0.8 * torch.stack([direction.cos(), direction.sin()], 1)  # from border to border
        radians = draws.between(0.6 * math.pi, 2.6 * math.pi, _WAVES, 2)  # so, too
        return cls(
            lightness=lightness,
            hue=hue,
            colours=torch.stack([first, second - first], 1),
            ramp=torch.cat([0.5 - slope.sum(1, keepdim=True) / 2, slope / canvas], 1),
            waves=torch.stack([radians / canvas, draws.between(0, 2 * math.pi, _WAVES, 2)], -1),
            relief=draws.between(0.3, 1.3),
            texture=Texture.draw(draws, draws.between(0.06, 0.2) * min(world.shape)),
            texture_frame=rotation(draws.between(0, 2 * math.pi)),
            texture_strength=world.texture * draws.between(0.2, 0.5) * draws.sign(),
        )

    @property
    def away(self) -> Tensor:
        """(N,) 1 where the background is dark and objects are lighter, -1 where they are darker."""
        return (_MIDDLE - self.lightness).sign()

    def paint(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """The backgrounds and their smooth fields.

        Args:
            x: (N, W) centres of the columns, pixels.
            y: (N, H) centres of the rows.

        Returns:
            Images (N, 3, H, W), not yet clipped, and fields (N, H, W) in [-1, 1], which bend textures too.
        """
        field = x.new_zeros(len(x), y.shape[1], x.shape[1])
        for wave in self.waves.unbind(1):
            along_x = torch.addcmul(wave[:, 0, 1:], x, wave[:, 0, :1]).cos_()
            along_y = torch.addcmul(wave[:, 1, 1:], y, wave[:, 1, :1]).cos_() / _WAVES
            field.addcmul_(along_x[:, None, :], along_y[:, :, None])
        start, slope_x, slope_y = self.ramp[:, :, None].unbind(1)
        mix = (slope_x * x + start)[:, None, :] + (slope_y * y)[:, :, None]
        mix.addcmul_(field, self.relief[:, None, None])
        u, v = coordinates(self.texture_frame, x, y)
        mix.addcmul_(self.texture.paint(u, v, field), self.texture_strength[:, None, None])
        first, step = self.colours[:, :, :, None, None].unbind(1)
        return (mix[:, None] * step).add_(first), field


@dataclass(frozen=True)
class Strokes:
    """Bars with round ends that belong to no class, M slots for each of N scenes.

    Attributes:
        centre: (N, M, 2) x and y, pixels.
        frame: (N, M, 2, 2): times the way from the centre, it gives coordinates along and across the bar.
        length: (N, M) pixels.
        width: (N, M) pixels; below 0 for an empty slot.
        colour: (N, M, 3).
    """

    centre: Tensor
    frame: Tensor
    length: Tensor
    width: Tensor
    colour: Tensor

    @classmethod
    def draw(cls, draws: Draws, world: World, background: Background) -> Strokes:
        """Anywhere, in colours that objects might have."""
        slots, side = world.clutter, min(world.shape)
        canvas = torch.tensor([world.shape[1], world.shape[0]], dtype=torch.float64)
        absent = torch.arange(slots) >= draws.integers(0, slots)[:, None]
        gap = background.away[:, None] * draws.between(world.contrast, world.contrast + 0.2, slots)
        return cls(
            centre=draws.uniform(slots, 2) * canvas,
            frame=rotation(draws.between(0, 2 * math.pi, slots)),
            length=draws.between(0.06, 0.3, slots) * side,
            width=(draws.between(0.012, 0.035, slots) * side).clamp(min=1.2).masked_fill(absent, _NOWHERE),
            colour=oklch_to_rgb(
                background.lightness[:, None] + gap, draws.between(0.03, 0.15, slots), draws.uniform(slots)
            ),
        )

    def paint(self, image: Tensor, x: Tensor, y: Tensor) -> None:
        """Paint all bars over `image`, (N, 3, H, W), whose pixels have their centres at x, (N, W), and y, (N, H)."""
        for m in range(self.length.shape[1]):
            stroke = each_tensor(self, itemgetter((slice(None), m)))
            u, v = coordinates(stroke.frame, x - stroke.centre[:, :1], y - stroke.centre[:, 1:])
            distance = stroke_distance(u, v, stroke.length[:, None, None], stroke.width[:, None, None])
            cover = distance.neg_().add_(0.5).clamp_(0, 1)
            image.mul_((1 - cover)[:, None]).addcmul_(cover[:, None], stroke.colour[:, :, None, None])
