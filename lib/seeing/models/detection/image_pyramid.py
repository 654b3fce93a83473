"""The picture made smaller again and again, so that a window of one size meets objects of all."""

from __future__ import annotations

import math


def pyramid_sizes(height: int, width: int, first: float, factor: float, least: int) -> list[tuple[int, int]]:
    """The sizes of the pictures of a pyramid, rounded up to whole pixels.

    Args:
        height: of the picture, in pixels.
        width: of the picture.
        first: scale of the largest one; over 1 it is larger than the picture itself.
        factor: from one scale to the next, in (0, 1).
        least: pixels that the smaller side must have at least, before it is rounded.

    Returns:
        (height, width) of each scale, largest first; none if even the first is too small.

    Example:
        >>> pyramid_sizes(100, 200, first=0.5, factor=0.5, least=12)
        [(50, 100), (25, 50), (13, 25)]
    """
    sizes, scale = [], first
    while min(height, width) * scale >= least:
        # A hair under, so that rounding does not make a whole number of pixels one more.
        sizes.append((math.ceil(height * scale - 1e-9), math.ceil(width * scale - 1e-9)))
        scale *= factor
    return sizes
