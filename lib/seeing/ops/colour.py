"""Colour spaces in which objects differ from what surrounds them in other ways than in red, green and blue."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays

# Linear sRGB to CIE XYZ, each row divided by that of the white point D65, so that white is (1, 1, 1).
_WHITE = (0.95047, 1.0, 1.08883)
_RGB_TO_XYZ = (
    (0.412453, 0.357580, 0.180423),
    (0.212671, 0.715160, 0.072169),
    (0.019334, 0.119193, 0.950227),
)


@takes_arrays("image")
def rgb_to_hsv(image: Tensor) -> Tensor:
    """Hue, saturation and value: which colour, how much of it, how bright.

    Args:
        image: (..., 3, H, W), floating point, [0, 1].

    Returns:
        Shaped as image: hue in turns, [0, 1), 0 for red; saturation [0, 1]; value [0, 1]. Grey has hue 0 and
        saturation 0.

    Raises:
        ValueError: if `image` is not floating point or has not three channels.

    Example:
        >>> rgb_to_hsv(torch.tensor([0.0, 0.5, 0.0]).reshape(3, 1, 1)).flatten()  # a third of a turn, dark
        tensor([0.3333, 1.0000, 0.5000])

    Source: Smith, Color gamut transform pairs (1978).
    """
    _check_rgb(image)
    red, green, blue = image.unbind(-3)
    value = image.amax(-3)
    chroma = value - image.amin(-3)
    saturation = chroma / torch.where(value > 0, value, 1)
    span = torch.where(chroma > 0, chroma, 1)
    hue = torch.where(
        red == value,
        (green - blue) / span % 6,
        torch.where(green == value, (blue - red) / span + 2, (red - green) / span + 4),
    )
    turns = hue / 6
    # A tiny negative hue is rounded up to a whole turn.
    return torch.stack([torch.where((chroma > 0) & (turns < 1), turns, 0), saturation, value], -3)


@takes_arrays("image")
def rgb_to_lab(image: Tensor) -> Tensor:
    """CIE L*a*b*: lightness, green to red, blue to yellow; equal distances look about equally large.

    Args:
        image: (..., 3, H, W), floating point, sRGB in [0, 1].

    Returns:
        Shaped as image: L* in [0, 100]; a* and b* within about ±110, 0 for grey. White point D65, 2 degrees.

    Raises:
        ValueError: if `image` is not floating point or has not three channels.

    Example:
        >>> rgb_to_lab(torch.full((3, 1, 1), 0.5))[0].round()  # half the signal looks half as light as white, 100
        tensor([[53.]])

    Source: IEC 61966-2-1 (1999), section 5.2; CIE 15 (2004), section 8.2.1.
    """
    _check_rgb(image)
    linear = torch.where(image > 0.04045, ((image + 0.055) / 1.055) ** 2.4, image / 12.92)
    r, g, b = linear.unbind(-3)
    xyz = [
        from_r / white * r + from_g / white * g + from_b / white * b
        for (from_r, from_g, from_b), white in zip(_RGB_TO_XYZ, _WHITE, strict=True)
    ]
    x, y, z = (torch.where(t > 0.008856, t.clamp(min=0) ** (1 / 3), 7.787 * t + 16 / 116) for t in xyz)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -3)


def _check_rgb(image: Tensor) -> None:
    if image.dim() < 3 or image.shape[-3] != 3 or not image.is_floating_point():
        raise ValueError(f"image must be floating point, (..., 3, H, W); got {image.dtype} {tuple(image.shape)}")
