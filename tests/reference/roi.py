"""Slow loops that say what RoIAlign and RoIPool mean, one sample or pixel at a time. Nothing here is clever."""

import math

import torch
from torch import Tensor


def roi_align(
    plane: Tensor, box: list[float], size: tuple[int, int], scale: float, sampling_ratio: int, aligned: bool
) -> Tensor:
    """One float64 (H, W) plane and one box."""
    x1, y1, x2, y2 = (v * scale - (0.5 if aligned else 0) for v in box)
    width, height = x2 - x1, y2 - y1
    if not aligned:
        width, height = max(width, 1), max(height, 1)
    out = torch.zeros(size, dtype=torch.float64)
    bin_height, bin_width = height / size[0], width / size[1]
    rows = sampling_ratio if sampling_ratio > 0 else math.ceil(bin_height)
    columns = sampling_ratio if sampling_ratio > 0 else math.ceil(bin_width)
    for p in range(size[0]):
        for q in range(size[1]):
            for i in range(rows):
                for j in range(columns):
                    y = y1 + (p + (i + 0.5) / rows) * bin_height
                    x = x1 + (q + (j + 0.5) / columns) * bin_width
                    out[p, q] += bilinear(plane, y, x) / (rows * columns)
    return out


def bilinear(plane: Tensor, y: float, x: float) -> float:
    """The plane at a point between pixels; held at its border for one pixel, and 0 beyond."""
    height, width = plane.shape
    if not (-1 <= y <= height and -1 <= x <= width):
        return 0.0
    y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    top, left = int(y), int(x)
    bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
    v, u = y - top, x - left
    above = (1 - u) * plane[top, left] + u * plane[top, right]
    below = (1 - u) * plane[bottom, left] + u * plane[bottom, right]
    return float((1 - v) * above + v * below)


def roi_pool(plane: Tensor, box: list[float], size: tuple[int, int], scale: float) -> Tensor:
    """One (H, W) plane and one box."""
    x1, y1, x2, y2 = (round_half_away(v * scale) for v in box)
    width, height = max(x2 - x1 + 1, 1), max(y2 - y1 + 1, 1)
    out = torch.zeros(size, dtype=plane.dtype)
    for p in range(size[0]):
        for q in range(size[1]):
            ys = range(y1 + math.floor(p * height / size[0]), y1 + math.ceil((p + 1) * height / size[0]))
            xs = range(x1 + math.floor(q * width / size[1]), x1 + math.ceil((q + 1) * width / size[1]))
            inside = [plane[y, x].item() for y in ys for x in xs if 0 <= y < plane.shape[0] and 0 <= x < plane.shape[1]]
            out[p, q] = max(inside, default=0)
    return out


def round_half_away(value: float) -> int:
    """2.5 to 3 and -2.5 to -3."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))
