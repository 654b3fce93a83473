"""RoIPool and its gradient: the largest value of each bin, over channels that lie side by side.

A map that comes channels-first is turned around on the way: only the pixels that some box needs, and each of them once.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit
from seeing.kernels.layout import is_channels_last

STRIP = 32
"""Pixels of a row that are turned around together: a few lines of the cache."""

SPARE = 16
"""Unused numbers after each row of a tile: without them its rows lie powers of 2 apart and share few cache lines."""

LOWEST = -3.4028234663852886e38
"""What a bin starts from, whatever the dtype: the lowest float32. NaN and -infinity do not beat it."""

FARTHEST = 2.0**30
"""Corners further out than that many pixels count as lying there."""


def roi_pool(
    input: Tensor, rois: Tensor, size: tuple[int, int], scale: float, with_winners: bool
) -> tuple[Tensor, Tensor]:
    """The forward pass; `seeing.ops.roi_pool` has checked the arguments.

    Args:
        input: (N, C, H, W), float32 or float64.
        rois: (K, 5), of the input's dtype.
        size: bins (P, Q).
        scale: map pixels per box pixel.
        with_winners: whether to tell where the maxima were.

    Returns:
        The maxima, (K, C, P, Q) in the input's memory format, and as many whole numbers: row * W + column in the
        plane, or -1 for an empty bin. Without winners the second tensor is empty.
    """
    count, channels, height, width = input.shape
    last = is_channels_last(input)
    shape = (len(rois), *((*size, channels) if last else (channels, *size)))
    out = input.new_empty(shape)
    places = torch.int32 if height * width < 2**31 else torch.int64
    winners = input.new_empty(shape if with_winners else (0, 0, 0, 0), dtype=places)
    if last:
        pixels = input.detach().permute(0, 2, 3, 1)
        source = input.new_empty(count, channels, height, 0)
    else:
        pixels = input.new_empty(count, height, width, channels)
        source = input.detach().contiguous()
    boxes = rois.contiguous().numpy()
    ready = np.zeros((count, height, math.ceil(width / STRIP)), np.bool_)
    scale = boxes.dtype.type(scale)
    _pool(source.numpy(), pixels.numpy(), ready, boxes, scale, size, last, with_winners, out.numpy(), winners.numpy())
    return (out.permute(0, 3, 1, 2), winners.permute(0, 3, 1, 2)) if last else (out, winners)


def roi_pool_backward(grad: Tensor, winners: Tensor, rois: Tensor, shape: tuple[int, ...]) -> Tensor:
    """The gradient of the map: each bin's goes to the pixel that won it.

    Args:
        grad: (K, C, P, Q), float32 or float64.
        winners: (K, C, P, Q), from `roi_pool`.
        rois: (K, 5).
        shape: (N, C, H, W), the map's.

    Returns:
        (N, C, H, W), in the memory format of `winners`.
    """
    count, channels, height, width = shape
    last = not winners.is_contiguous()
    images = rois[:, 0].long().numpy()
    # numpy's zeros cost nothing until they are touched: a few boxes on a large map touch little of it.
    out = torch.from_numpy(np.zeros((count, height, width, channels) if last else shape, rois.numpy().dtype))
    if last:
        grad, winners = grad.permute(0, 2, 3, 1).contiguous(), winners.permute(0, 2, 3, 1)
        _send_back_last(grad.numpy(), winners.numpy(), images, out.flatten(1, 2).numpy())
        return out.permute(0, 3, 1, 2)
    _send_back(grad.contiguous().numpy(), winners.numpy(), images, out.flatten(2).numpy())
    return out


@jit
def _pool(source, pixels, ready, rois, scale, size, last, with_winners, out, winners):
    """Bins collect their maxima in a tile; a channels-first result is turned around at the end."""
    rows, columns = size
    _, height, width, channels = pixels.shape
    tile = np.empty((rows, columns, channels + SPARE), pixels.dtype)
    won = np.empty((rows, columns, channels + SPARE if with_winners else 0), winners.dtype)
    for k in range(len(rois)):
        n, box = int(rois[k, 0]), rois[k, 1:]
        down, across = _edges(box[1::2], scale, rows, height), _edges(box[0::2], scale, columns, width)
        if not last:
            _turn(source[n], down[0, 0], down[-1, 1], across[0, 0], across[-1, 1], ready[n], pixels[n])
        for p in range(rows):
            for q in range(columns):
                empty = down[p, 0] >= down[p, 1] or across[q, 0] >= across[q, 1]
                tile[p, q] = 0 if empty else LOWEST
                won[p, q] = -1
                _take_maxima(pixels[n], down[p], across[q], tile[p, q, :channels], won[p, q])
        _store(tile, last, out[k])
        if with_winners:
            _store(won, last, winners[k])


@jit
def _edges(ends, scale, bins, size):
    """Where each bin begins and ends, in whole pixels: corners rounded half away from 0, bins rounded outward."""
    real = ends.dtype.type  # a bare int would make every product with it a float64
    begin, end = _round(ends[0] * scale), _round(ends[1] * scale)
    step = real(max(end - begin + 1, 1)) / real(bins)
    edges = np.empty((bins, 2), np.int64)
    for p in range(bins):
        edges[p, 0] = min(max(math.floor(real(p) * step) + begin, 0), size)
        edges[p, 1] = min(max(math.ceil(real(p + 1) * step) + begin, 0), size)
    return edges


@jit
def _round(x):
    x = min(max(x, -FARTHEST), FARTHEST)
    whole = int(x)
    return whole + int(x - whole >= 0.5) - int(x - whole <= -0.5)


@jit
def _take_maxima(image, down, across, best, won):
    """The maximum of one bin in each channel, and where it is if `won` has room: the first of equal ones wins."""
    for y in range(down[0], down[1]):
        for x in range(across[0], across[1]):
            pixel = image[y, x]
            if len(won) > 0:
                place = won.dtype.type(y * image.shape[1] + x)
                for c in range(len(best)):
                    better = pixel[c] > best[c]
                    best[c] = pixel[c] if better else best[c]
                    won[c] = place if better else won[c]
            else:
                for c in range(len(best)):
                    best[c] = pixel[c] if pixel[c] > best[c] else best[c]


@jit
def _turn(source, top, bottom, left, right, ready, pixels):
    """Copy the window of a map from channels-first to channels-last, strip by strip, unless that was done before."""
    channels, _, width = source.shape
    for y in range(top, bottom):
        for strip in range(left // STRIP, (right + STRIP - 1) // STRIP):
            if ready[y, strip]:
                continue
            ready[y, strip] = True
            start = strip * STRIP
            stop = min(start + STRIP, width)
            for c in range(0, channels - 3, 4):  # four at a time, so that whole vectors move
                a, b = source[c, y, start:stop], source[c + 1, y, start:stop]
                d, e = source[c + 2, y, start:stop], source[c + 3, y, start:stop]
                for x in range(stop - start):
                    pixel = pixels[y, start + x, c : c + 4]
                    pixel[0], pixel[1], pixel[2], pixel[3] = a[x], b[x], d[x], e[x]
            for c in range(channels - channels % 4, channels):
                for x in range(start, stop):
                    pixels[y, x, c] = source[c, y, x]


@jit
def _store(tile, last, out):
    """The tile (P, Q, C and some spare) into (P, Q, C) or, turned around, into (C, P, Q)."""
    if last:
        rows, columns, channels = out.shape
        for p in range(rows):
            for q in range(columns):
                values, target = tile[p, q], out[p, q]
                for c in range(channels):
                    target[c] = values[c]
    else:
        channels, rows, columns = out.shape
        for c in range(channels):
            for p in range(rows):
                for q in range(columns):
                    out[c, p, q] = tile[p, q, c]


@jit
def _send_back(grad, winners, images, out):
    """Channels-first: out (N, C, H W)."""
    count, channels, rows, columns = grad.shape
    for k in range(count):
        for c in range(channels):
            plane = out[images[k], c]
            for p in range(rows):
                for q in range(columns):
                    if winners[k, c, p, q] >= 0:
                        plane[winners[k, c, p, q]] += grad[k, c, p, q]


@jit
def _send_back_last(grad, winners, images, out):
    """Channels-last: out (N, H W, C)."""
    count, rows, columns, channels = grad.shape
    for k in range(count):
        image = out[images[k]]
        for p in range(rows):
            for q in range(columns):
                for c in range(channels):
                    if winners[k, p, q, c] >= 0:
                        image[winners[k, p, q, c], c] += grad[k, p, q, c]
