"""RoIAlign and its gradient as loops whose innermost one runs over channels that lie side by side.

A map that comes channels-first is turned around on the way: only the pixels that some box needs, and each of them once.
A sample off the map has no weight, and a pixel without weight is never read. However large a box, the loops visit only
its samples on the map.
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

BLOCK = 128
"""Channels of the gradient in work at a time: few enough for their part of the map to stay in the cache."""

SPARE = 16
"""Unused numbers after each row of a tile: without them its rows lie powers of 2 apart and share few cache lines."""


def roi_align(
    input: Tensor, rois: Tensor, size: tuple[int, int], scale: float, sampling_ratio: int, aligned: bool
) -> Tensor:
    """The forward pass; `seeing.ops.roi_align` has checked the arguments.

    Args:
        input: (N, C, H, W), float32 or float64.
        rois: (K, 5), of the input's dtype.
        size: bins (P, Q).
        scale: map pixels per box pixel.
        sampling_ratio: samples of a bin along each axis; if not positive, as many as the bin has pixels.
        aligned: whether pixel centres lie at half coordinates.

    Returns:
        (K, C, P, Q), in the input's memory format.
    """
    count, channels, height, width = input.shape
    last = is_channels_last(input)
    out = input.new_empty(len(rois), *((*size, channels) if last else (channels, *size)))
    if last:
        pixels = input.detach().permute(0, 2, 3, 1)
        source = input.new_empty(count, channels, height, 0)
    else:
        pixels = input.new_empty(count, height, width, channels)
        source = input.detach().contiguous()
    boxes = rois.detach().contiguous().numpy()
    real = boxes.dtype.type
    offset = real(0.5 if aligned else 0)
    ready = np.zeros((count, height, math.ceil(width / STRIP)), np.bool_)
    _pool(source.numpy(), pixels.numpy(), ready, boxes, real(scale), offset, sampling_ratio, size, last, out.numpy())
    return out.permute(0, 3, 1, 2) if last else out


def roi_align_backward(
    grad: Tensor, rois: Tensor, shape: tuple[int, ...], scale: float, sampling_ratio: int, aligned: bool
) -> Tensor:
    """The gradient of the map, from that of the output.

    Args:
        grad: (K, C, P, Q), float32 or float64.
        rois: (K, 5), of the gradient's dtype.
        shape: (N, C, H, W), the map's.
        scale: as in `roi_align`.
        sampling_ratio: as in `roi_align`.
        aligned: as in `roi_align`.

    Returns:
        (N, C, H, W), in the memory format of `grad`.
    """
    count, channels, height, width = shape
    size, last = tuple(grad.shape[2:]), is_channels_last(grad)
    bins = grad.detach().permute(0, 2, 3, 1) if last else grad.detach().contiguous()
    boxes = rois.detach().contiguous().numpy()
    real = boxes.dtype.type
    # numpy's zeros cost nothing until they are touched: a few boxes on a large map touch little of it.
    out = np.zeros((count, height, width, channels) if last else shape, boxes.dtype)
    pixels = out if last else np.empty((count, height, width, channels), boxes.dtype)
    offset = real(0.5 if aligned else 0)
    ready = np.full((count, height, math.ceil(width / STRIP)), last)
    for begin in range(0, channels, BLOCK):
        block = (begin, min(begin + BLOCK, channels))
        _spread(bins.numpy(), boxes, real(scale), offset, sampling_ratio, size, last, block, ready, pixels)
    if last:
        return torch.from_numpy(out).permute(0, 3, 1, 2)
    _turn_back(pixels, ready, out)
    return torch.from_numpy(out)


@jit
def _weigh(low, high, offset, sampling_ratio, bins, size, dtype):
    """How much each pixel counts in each bin of one axis: weights (bins, size), and where each bin's begin and end."""
    weights = np.zeros((bins, size), dtype)
    first, last = np.full(bins, size), np.zeros(bins, np.int64)
    real = weights.dtype.type  # a bare int would make every product with it a float64
    length = high - low
    if offset == 0:
        length = max(length, real(1))
    step = length / real(bins)
    samples = sampling_ratio if sampling_ratio > 0 else math.ceil(min(step, real(2**30)))
    for p in range(bins):
        begin = low + real(p) * step
        start = 0
        if begin < -1 and step > 0:  # skip the samples before the map, all but two for the rounding
            start = int(min(max((-1.0 - begin) / step * samples - 2, 0.0), float(samples)))
        for i in range(start, samples):
            x = begin + (real(i) + real(0.5)) * step / real(samples)
            if x < -1:
                continue
            if not x <= size:  # beyond the map; or NaN, from a box that overflows
                break
            x = min(max(x, real(0)), real(size - 1))
            left = int(x)
            right = min(left + 1, size - 1)
            share = x - real(left)
            weights[p, left] += (real(1) - share) / real(samples)
            weights[p, right] += share / real(samples)
            first[p] = min(first[p], left)
            last[p] = max(last[p], right + 1)
    return weights, first, last


@jit
def _pool(source, pixels, ready, rois, scale, offset, sampling_ratio, size, last, out):
    """Rows of the map are averaged into a line of bins, and lines into the tile of bins."""
    rows, columns = size
    _, height, width, channels = pixels.shape
    dtype = pixels.dtype
    line = np.empty((columns, channels), dtype)
    scratch = np.empty((rows, columns, channels + SPARE), dtype)
    for k in range(len(rois)):
        n, (x1, y1, x2, y2) = int(rois[k, 0]), rois[k, 1:] * scale - offset
        down, top, bottom = _weigh(y1, y2, offset, sampling_ratio, rows, height, dtype)
        across, left, right = _weigh(x1, x2, offset, sampling_ratio, columns, width, dtype)
        tile = out[k] if last else scratch
        tile[:] = 0
        for y in range(top.min(), bottom.max()):
            if not down[:, y].any():
                continue
            if not last:
                _turn(source[n], y, left.min(), right.max(), ready[n], pixels[n])
            _average_row(pixels[n, y], across, left, right, line)
            _add_line(line, down[:, y], tile)
        if not last:
            for c in range(channels):
                for p in range(rows):
                    for q in range(columns):
                        out[k, c, p, q] = tile[p, q, c]


@jit
def _spread(bins, rois, scale, offset, sampling_ratio, size, last, block, ready, pixels):
    """The way back: the tile's rows are spread over lines of bins, and each line over a row of the map."""
    (rows, columns), (begin, end) = size, block
    _, height, width, _ = pixels.shape
    dtype = pixels.dtype
    line = np.empty((columns, end - begin), dtype)
    tile = np.empty((rows, columns, end - begin + SPARE), dtype)
    for k in range(len(rois)):
        n, (x1, y1, x2, y2) = int(rois[k, 0]), rois[k, 1:] * scale - offset
        down, top, bottom = _weigh(y1, y2, offset, sampling_ratio, rows, height, dtype)
        across, left, right = _weigh(x1, x2, offset, sampling_ratio, columns, width, dtype)
        _fetch(bins[k], begin, end - begin, last, tile)
        for y in range(top.min(), bottom.max()):
            if not down[:, y].any():
                continue
            _clear(pixels[n, y], left.min(), right.max(), ready[n, y])
            _average_tile(tile, down[:, y], line)
            _add_row(line, across, left, right, pixels[n, y], begin)


@jit
def _average_row(row, weights, first, last, line):
    """A row of pixels, averaged into bins."""
    line[:] = 0
    for q in range(len(line)):
        total = line[q]
        for x in range(first[q], last[q]):
            weight = weights[q, x]
            if weight != 0:  # not only faster: 0 times infinity would be NaN
                pixel = row[x]
                for c in range(len(total)):
                    total[c] += weight * pixel[c]


@jit
def _add_line(line, weights, tile):
    """A line of bins, added to the rows of the tile."""
    for p in range(len(tile)):
        weight = weights[p]
        if weight != 0:
            for q in range(len(line)):
                total, bin = tile[p, q], line[q]
                for c in range(len(bin)):
                    total[c] += weight * bin[c]


@jit
def _average_tile(tile, weights, line):
    """The transpose of `_add_line`."""
    line[:] = 0
    for p in range(len(tile)):
        weight = weights[p]
        if weight != 0:
            for q in range(len(line)):
                total, bin = line[q], tile[p, q]
                for c in range(len(total)):
                    total[c] += weight * bin[c]


@jit
def _add_row(line, weights, first, last, row, begin):
    """The transpose of `_average_row`, for the channels from `begin` on."""
    for q in range(len(line)):
        bin = line[q]
        for x in range(first[q], last[q]):
            weight = weights[q, x]
            if weight != 0:
                pixel = row[x, begin : begin + len(bin)]
                for c in range(len(pixel)):
                    pixel[c] += weight * bin[c]


@jit
def _turn(source, y, begin, end, ready, pixels):
    """Copy a part of row y from channels-first to channels-last, strip by strip, unless that was done before."""
    channels, _, width = source.shape
    for strip in range(begin // STRIP, (end + STRIP - 1) // STRIP):
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
def _turn_back(pixels, ready, target):
    """Copy the strips that hold something from channels-last to channels-first."""
    count, channels, height, width = target.shape
    for n in range(count):
        for y in range(height):
            for strip in range(ready.shape[2]):
                if ready[n, y, strip]:
                    start = strip * STRIP
                    stop = min(start + STRIP, width)
                    for c in range(channels):
                        row = target[n, c, y, start:stop]
                        for x in range(len(row)):
                            row[x] = pixels[n, y, start + x, c]


@jit
def _clear(row, begin, end, ready):
    """Zero a part of a row, strip by strip, unless that was done before."""
    for strip in range(begin // STRIP, (end + STRIP - 1) // STRIP):
        if not ready[strip]:
            ready[strip] = True
            row[strip * STRIP : (strip + 1) * STRIP] = 0


@jit
def _fetch(bins, begin, channels, last, tile):
    """One box's gradient of a block of channels, channels-last."""
    rows, columns, _ = tile.shape
    if last:
        for p in range(rows):
            for q in range(columns):
                source, target = bins[p, q, begin : begin + channels], tile[p, q]
                for c in range(channels):
                    target[c] = source[c]
    else:
        for c in range(channels):
            source = bins[begin + c]
            for p in range(rows):
                for q in range(columns):
                    tile[p, q, c] = source[p, q]
