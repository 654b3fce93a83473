"""Textures by hand: one formula, four kinds."""

import math

import pytest
import torch

from seeing.data.world.draws import Draws
from seeing.data.world.textures import KINDS, Texture

HARDNESS = 1e3  # every colour is the first or the second one


def painted(kind: str, bend: float = 0.0, field: float = 0.0) -> torch.Tensor:
    """(8, 8) of waves eight pixels long, whose first half is positive."""
    one = torch.ones(1, 2)
    weights = torch.tensor([KINDS[kind]]) * HARDNESS
    texture = Texture(one * 2 * math.pi / 8, one * 0, weights, torch.tensor([bend]))
    steps = torch.arange(8.0) + 0.5
    u, v = steps.expand(1, 8, 8), steps[:, None].expand(1, 8, 8)
    return texture.paint(u, v, torch.full((1, 8, 8), field))[0]


def test_each_kind_by_hand():
    first = torch.arange(8) < 4
    across, down = first.expand(8, 8), first[:, None].expand(8, 8)
    assert torch.equal(painted("stripes"), across.float())
    assert torch.equal(painted("checks"), (across == down).float())
    assert not painted("plain").any()
    dots = painted("dots")
    assert dots[1:3, 1:3].all(), "one dot, in the middle of the first quarter"
    assert dots[across & down].sum() == dots.sum() == 12, "without its corners"


def test_the_field_bends_stripes():
    assert torch.equal(painted("stripes", bend=math.pi, field=1.0), 1 - painted("stripes"))


@pytest.mark.parametrize("period", [2.5, 10.0, 500.0])
def test_drawn_textures_stay_between_the_two_colours(period):
    texture = Texture.draw(Draws(0, torch.arange(50)), torch.full((50,), period, dtype=torch.float64))
    u, v = (torch.randn(50, 6, 7, generator=torch.Generator().manual_seed(i)) * 50 for i in range(2))
    share = texture.paint(u, v, u.sin())
    assert share.shape == (50, 6, 7)
    assert share.min() >= 0
    assert share.max() <= 1
