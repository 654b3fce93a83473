"""Colour spaces, against scikit-image, the standard library and known colours."""

import colorsys

import numpy as np
import pytest
import skimage.color
import torch

from seeing.ops import rgb_to_hsv, rgb_to_lab


def image(seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Random colours, many of them grey, dark or tied in their largest channel."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(2, 3, 20, 30, generator=generator, dtype=torch.float64)
    x[..., :10] = (x[..., :10] * 3).floor() / 2
    x[..., 20:22] = x[:, :1, :, 20:22]
    return x.to(dtype)


@pytest.mark.parametrize(("ours", "theirs"), [(rgb_to_hsv, skimage.color.rgb2hsv), (rgb_to_lab, skimage.color.rgb2lab)])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_equal_to_scikit_image(ours, theirs, dtype):
    x = image(dtype=dtype)
    got = ours(x)
    wanted = torch.from_numpy(theirs(x.double().numpy(), channel_axis=1))
    assert got.dtype == dtype
    tolerance = 1e-11 if dtype == torch.float64 else 2e-4
    torch.testing.assert_close(got.double(), wanted, rtol=0, atol=tolerance)


def test_hue_equals_the_standard_librarys():
    x = image(1)[0]
    wanted = [colorsys.rgb_to_hsv(*pixel) for pixel in x.flatten(1).T.tolist()]
    assert np.allclose(rgb_to_hsv(x).flatten(1).T.numpy(), wanted, rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("rgb", "hsv"),
    [
        ((1, 0, 0), (0, 1, 1)),
        ((0, 1, 0), (1 / 3, 1, 1)),
        ((0, 0, 0.5), (2 / 3, 1, 0.5)),
        ((1, 1, 0), (1 / 6, 1, 1)),
        ((0.5, 0.5, 0.5), (0, 0, 0.5)),
        ((0, 0, 0), (0, 0, 0)),
    ],
)
def test_known_colours(rgb, hsv):
    got = rgb_to_hsv(torch.tensor(rgb, dtype=torch.float64).view(3, 1, 1))
    torch.testing.assert_close(got.flatten(), torch.tensor(hsv, dtype=torch.float64))


def test_white_is_the_white_point_and_grey_has_no_colour():
    greys = torch.linspace(0, 1, 11, dtype=torch.float64).expand(3, 1, 11)
    lightness, a, b = rgb_to_lab(greys)
    assert lightness[0, 0] == pytest.approx(0)
    assert lightness[0, -1] == pytest.approx(100, abs=1e-3)
    assert a.abs().max() < 0.01
    assert b.abs().max() < 0.02


def test_hue_stays_under_a_whole_turn():
    """Red with a trace more of blue than of green: a hue just under 1, which must not be rounded up to it."""
    almost = torch.tensor([1.0, 0.0, 1e-9]).view(3, 1, 1)
    assert 0 <= rgb_to_hsv(almost)[0].item() < 1


@pytest.mark.parametrize("convert", [rgb_to_hsv, rgb_to_lab])
def test_bad_input_is_refused(convert):
    with pytest.raises(ValueError, match=r"\(\.\.\., 3, H, W\); got torch.float32 \(1, 4, 4\)"):
        convert(torch.zeros(1, 4, 4))
    with pytest.raises(ValueError, match=r"floating point.*torch.uint8"):
        convert(torch.zeros(3, 4, 4, dtype=torch.uint8))
    assert convert(torch.zeros(0, 3, 4, 4)).shape == (0, 3, 4, 4)
