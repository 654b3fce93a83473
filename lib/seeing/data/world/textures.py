"""Textures: one formula of two sine waves gives plain, striped, checked and dotted surfaces."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from seeing.data.world.draws import Draws

# Weights of the two waves, of their product and of a constant.
KINDS = {
    "plain": (0.0, 0.0, 0.0, -1.0),
    "stripes": (1.0, 0.0, 0.0, 0.0),
    "checks": (0.0, 0.0, 1.0, 0.0),
    "dots": (1.0, 1.0, 0.0, -0.9),
}


@dataclass(frozen=True)
class Texture:
    """Two crossed waves a = sin(f u + phase) and b = sin(f v + phase), mixed and hardened; one for each object.

    Attributes:
        frequency: (..., 2) radians a pixel, along u and v.
        phase: (..., 2) radians.
        weights: (..., 4) of a, of b, of a b and of 1, already times the hardness.
        bend: (...,) radians by which the smooth field of the scene bends the stripes.
    """

    frequency: Tensor
    phase: Tensor
    weights: Tensor
    bend: Tensor

    @classmethod
    def draw(cls, draws: Draws, period: Tensor) -> Texture:
        """Textures with the given wave lengths in pixels, (N, ...); the kinds are equally likely."""
        shape = period.shape[1:]
        frequency = 2 * math.pi / period
        weights = torch.tensor(list(KINDS.values()), dtype=torch.float64)[draws.integers(0, len(KINDS) - 1, *shape)]
        # From one colour to the other within a pixel, as a wave of this frequency rises by its frequency a pixel.
        hardness = 1 / frequency
        bend = draws.between(0.0, 4.0, *shape) * (draws.uniform(*shape) < 0.4)
        return cls(
            frequency=torch.stack([frequency, frequency * draws.between(0.7, 1.0, *shape)], -1),
            phase=2 * math.pi * draws.uniform(*shape, 2),
            weights=weights * hardness[..., None],
            bend=bend,
        )

    def paint(self, u: Tensor, v: Tensor, field: Tensor) -> Tensor:
        """The share of the second colour, (B, H, W) in [0, 1], at the pixels' own coordinates u and v.

        Args:
            u: (B, H, W) pixels; the texture is one for each of the B.
            v: as u.
            field: as u, a smooth field in [-1, 1] that bends the stripes.
        """
        of_a, of_b, of_both, constant = _each(self.weights)
        (frequency_u, frequency_v), (phase_u, phase_v) = _each(self.frequency), _each(self.phase)
        a = (u * frequency_u).add_(phase_u).addcmul_(field, self.bend[:, None, None]).sin_()
        b = (v * frequency_v).add_(phase_v).sin_()
        rest = (b * of_b).add_(constant + 0.5)
        return rest.addcmul_(a, b.mul_(of_both).add_(of_a)).clamp_(0, 1)


def _each(parameters: Tensor) -> tuple[Tensor, ...]:
    """The columns of (B, n), each shaped to meet (B, H, W)."""
    return parameters[:, :, None, None].unbind(1)
