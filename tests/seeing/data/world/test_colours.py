"""Oklab against published values and itself."""

import math

import torch

from seeing.data.world.colours import oklch_to_rgb


def test_grey_has_equal_parts_and_the_ends_are_black_and_white():
    lightness = torch.tensor([0.0, 0.5, 1.0])
    grey = oklch_to_rgb(lightness, torch.zeros(3), torch.zeros(3))
    torch.testing.assert_close(grey[[0, 2]], torch.tensor([[0.0] * 3, [1.0] * 3]), atol=1e-4, rtol=0)
    # Lightness is the cube root of luminance for a grey: 0.5 is linear 1/8.
    linear = torch.full((3,), 1.055 * 0.125 ** (1 / 2.4) - 0.055)
    torch.testing.assert_close(grey[1], linear, atol=1e-4, rtol=0)


def test_red_is_found_where_it_is_published():
    """CSS Color 4 gives oklch(0.62796 0.25768 29.23 degrees) for pure red."""
    red = oklch_to_rgb(*map(torch.tensor, (0.62796, 0.25768, 29.2339 / 360)))
    torch.testing.assert_close(red, torch.tensor([1.0, 0.0, 0.0]), atol=0.005, rtol=0)


def test_every_colour_can_be_shown():
    generator = torch.Generator().manual_seed(0)
    colours = oklch_to_rgb(*(torch.rand(500, generator=generator) for _ in range(3)))
    assert colours.min() >= 0
    assert colours.max() <= 1
    assert math.isfinite(colours.sum().item())
