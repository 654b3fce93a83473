"""The two histograms of regions: one pass for what each pixel votes for, one for the counts."""

from __future__ import annotations

import numpy as np
from numba import uint8

from seeing.kernels.cpu.jit import jit


@jit
def pixel_codes(image: np.ndarray, smoothed: np.ndarray, bins: int, flat: float) -> tuple[np.ndarray, np.ndarray]:
    """Colour bin and direction of the gradient of each pixel of (C, H, W) float64, as uint8."""
    channels, height, width = image.shape
    colour = np.empty(image.shape, np.uint8)
    texture = np.empty(image.shape, np.uint8)
    narrow = np.sqrt(2.0) - 1
    for c in range(channels):
        for y in range(height):
            above = smoothed[c, max(y - 1, 0)]
            below = smoothed[c, min(y + 1, height - 1)]
            row = smoothed[c, y]
            for x in range(width):
                colour[c, y, x] = uint8(min(max(np.floor(image[c, y, x] * bins), 0.0), bins - 1.0))
                across = (row[min(x + 1, width - 1)] - row[max(x - 1, 0)]) / 2
                down = (below[x] - above[x]) / 2
                direction = 4
                if across * across + down * down >= flat * flat:
                    if abs(across) >= narrow * abs(down):
                        direction += 1 if across > 0 else -1
                    if abs(down) >= narrow * abs(across):
                        direction += 3 if down > 0 else -3
                texture[c, y, x] = uint8(direction)
    return colour, texture


@jit
def count_codes(codes: np.ndarray, labels: np.ndarray, regions: int, bins: int) -> np.ndarray:
    """(R, C * bins) int32: how many pixels of each region have each code of (C, H, W) uint8."""
    channels, height, width = codes.shape
    counts = np.zeros((regions, channels * bins), np.int32)
    for c in range(channels):
        for y in range(height):
            for x in range(width):
                counts[labels[y, x], c * bins + codes[c, y, x]] += 1
    return counts
