"""All of a scene that is drawn by chance, before a single pixel is painted; and the painting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from seeing.data.world.background import Background, Strokes
from seeing.data.world.draws import Draws
from seeing.data.world.objects import Objects
from seeing.data.world.records import each_tensor

if TYPE_CHECKING:
    from seeing.data.world.world import World

_NOISE_STARTS = 2**16  # places in the bank where a scene's noise may begin


@dataclass(frozen=True)
class Layout:
    """N scenes, back to front; a few hundred numbers each.

    They are drawn as float64 on the CPU and rounded once, before the painting. The last digits of a sine or a power,
    which differ from one machine to the next, are gone then.

    Attributes:
        background: of each scene.
        strokes: the bars on the background.
        objects: that are asked for, or hidden.
        shadow: pixels from an object to its shadow, to the right and down.
        noise: standard deviation of the noise.
        noise_start: (N,) int64, where in the bank the noise begins.
    """

    background: Background
    strokes: Strokes
    objects: Objects
    shadow: int
    noise: float
    noise_start: Tensor

    @classmethod
    def draw(cls, draws: Draws, world: World) -> Layout:
        """The scenes of the places that `draws` stands for.

        What a difficulty changes is scaled after it is drawn, and the strokes come last, so that the scene of a seed
        and a number can be recognised from one difficulty to the next.
        """
        noise_start = draws.integers(0, _NOISE_STARTS - 1)
        background = Background.draw(draws, world)
        objects = Objects.draw(draws, world, background)
        strokes = Strokes.draw(draws, world, background)
        shadow = max(1, round(0.03 * min(world.shape)))
        return cls(background, strokes, objects, shadow, world.noise, noise_start)

    def to(self, device: torch.device | str) -> Layout:
        """The same scenes in float32 on another device, ready to be painted."""
        return each_tensor(self, lambda t: t.to(device, torch.float32 if t.is_floating_point() else t.dtype))

    def paint(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """The pictures, and where each object is.

        Args:
            x: (N, W) for each scene, the centres of the columns in pixels, one apart. From 0.5 on, the picture begins
                at the scene's left border.
            y: (N, H) the same for the rows.

        Returns:
            Images (N, 3, H, W) in [0, 1], and (N, K, H, W) bool: the pixels whose centre lies inside each object,
            hidden or not.
        """
        image, field = self.background.paint(x, y)
        self.strokes.paint(image, x, y)
        inside = self.objects.paint(image, x, y, field, self.shadow)
        count = image.shape[1:].numel()
        grain = _noise_bank(count, str(image.device)).unfold(0, count, 1)[self.noise_start]
        return image.add_(grain.view_as(image), alpha=self.noise).clamp_(0, 1), inside


@lru_cache(maxsize=8)
def _noise_bank(count: int, device: str) -> Tensor:
    """Standard normal numbers, the same on every device, for pictures of `count` values."""
    with torch.inference_mode(False), torch.device("cpu"):
        numbers = torch.randn(_NOISE_STARTS + count, generator=torch.Generator().manual_seed(0), dtype=torch.float32)
    return numbers.to(device)
