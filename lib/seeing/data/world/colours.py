"""Colours that look evenly spread: drawn in a space of lightness, chroma and hue, then turned into red, green, blue."""

from __future__ import annotations

import math

import torch
from torch import Tensor

# Ottosson's two matrices: cube roots of cone responses from (lightness, a, b), and linear RGB from cone responses.
_CONES = ((1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728), (1.0, -0.0894841775, -1.2914855480))
_LINEAR = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def oklch_to_rgb(lightness: Tensor, chroma: Tensor, hue: Tensor) -> Tensor:
    """Red, green and blue of a colour in the Oklab space, in polar coordinates.

    Args:
        lightness: (...,) 0 (black) to 1 (white). All arguments broadcast.
        chroma: 0 (grey) to about 0.3.
        hue: in turns: 0.08 red, 0.3 yellow, 0.4 green, 0.73 blue.

    Returns:
        (..., 3) sRGB in [0, 1]; what the screen cannot show is clipped.

    Source: Ottosson, A perceptual color space for image processing (2020), https://bottosson.github.io/posts/oklab.
    """
    angle = 2 * math.pi * hue
    lab = torch.stack(torch.broadcast_tensors(lightness, chroma * angle.cos(), chroma * angle.sin()), -1)
    to_cones, to_linear = (torch.tensor(rows, dtype=lab.dtype, device=lab.device).T for rows in (_CONES, _LINEAR))
    linear = ((lab @ to_cones) ** 3 @ to_linear).clamp(0, 1)
    return torch.where(linear < 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
