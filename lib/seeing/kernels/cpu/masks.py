"""Masks resized into their boxes: a compiled twin of `seeing.ops.masks`, which touches the box's pixels only."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit


def paste(masks: Tensor, corners: Tensor, height: int, width: int) -> Tensor:
    """Each mask, resized bilinearly to its box, in an empty image.

    Args:
        masks: (N, M, M) float32, M at least 1.
        corners: (N, 4) int64: the first column and row of each box, and the last ones.
        height: of the image.
        width: of the image.

    Returns:
        (N, height, width) float32.
    """
    image = torch.zeros(len(masks), height, width)
    _paste(masks.detach().contiguous().numpy(), corners.contiguous().numpy(), image.numpy())
    return image


@jit
def _paste(masks, corners, image):
    count, height, width = image.shape
    cells = masks.shape[1]
    last = np.float32(cells - 1)
    half = np.float32(0.5)
    left = np.empty(width, np.int64)
    share = np.empty(width, np.float32)
    line = np.empty(cells, np.float32)
    for n in range(count):
        x1, y1, x2, y2 = corners[n]
        across = np.float32(cells) / np.float32(max(x2 - x1 + 1, 1))
        down = np.float32(cells) / np.float32(max(y2 - y1 + 1, 1))
        first, end = max(x1, 0), min(max(x2, x1) + 1, width)
        for x in range(first, end):
            place = min(max((np.float32(x - x1) + half) * across - half, np.float32(0)), last)
            left[x] = min(np.int64(place), max(cells - 2, 0))
            share[x] = place - np.float32(left[x])
        for y in range(max(y1, 0), min(max(y2, y1) + 1, height)):
            place = min(max((np.float32(y - y1) + half) * down - half, np.float32(0)), last)
            top = min(np.int64(place), max(cells - 2, 0))
            part = place - np.float32(top)
            above, below = masks[n, top], masks[n, min(top + 1, cells - 1)]
            for i in range(cells):
                line[i] = above[i] + part * (below[i] - above[i])
            row = image[n, y]
            for x in range(first, end):
                i = left[x]
                j = min(i + 1, cells - 1)
                row[x] = line[i] + share[x] * (line[j] - line[i])
