"""Max pooling that remembers its winners, and the two ways between values and places that its gradients need."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit

Pair = tuple[int, int]


def max_pool2d(
    x: Tensor, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair, size: Pair
) -> tuple[Tensor, Tensor]:
    """Maxima and int64 indices, (..., H', W') each; `seeing.ops.max_pool2d_with_indices` has checked the arguments.

    Args:
        x: (..., H, W), float32 or float64.
        kernel: height and width of the window.
        stride: step between two windows.
        padding: pixels at each border that never win.
        dilation: distance between two taps.
        size: windows along each axis, (H', W').
    """
    planes = x.detach().contiguous().view(-1, *x.shape[-2:])
    maxima = x.new_empty(len(planes), *size)
    indices = x.new_empty(len(planes), *size, dtype=torch.int64)
    arrays = (planes.numpy(), maxima.numpy(), indices.numpy())
    inside = all(2 * n <= m for n, m in zip(size, x.shape[-2:], strict=True))
    if (kernel, stride, padding, dilation) == ((2, 2), (2, 2), (0, 0), (1, 1)) and inside:
        _halve(*arrays)
    else:
        _pool(*arrays, kernel, stride, padding, dilation)
    return maxima.view(*x.shape[:-2], *size), indices.view(*x.shape[:-2], *size)


def scatter(values: Tensor, indices: Tensor, size: int) -> tuple[Tensor, int]:
    """Add each value to the place that its index names.

    Args:
        values: (..., L), float32 or float64.
        indices: (..., L), int64; what lies outside 0..size - 1 is left out.
        size: the number of places.

    Returns:
        (..., size), and how many were left out.
    """
    out = values.new_empty(*values.shape[:-1], size)
    if not values.numel():
        return out.zero_(), 0
    rows = (t.detach().contiguous().view(-1, values.shape[-1]).numpy() for t in (values, indices))
    return out, _scatter(*rows, out.view(-1, size).numpy())


def gather(places: Tensor, indices: Tensor) -> Tensor:
    """The transpose of `scatter`: (..., size) and indices (..., L) to (..., L); 0 where an index lies outside."""
    out = places.new_empty(indices.shape)
    if out.numel():
        size, count = places.shape[-1], indices.shape[-1]
        rows = places.detach().contiguous().view(-1, size).numpy()
        _gather(rows, indices.contiguous().view(-1, count).numpy(), out.view(-1, count).numpy())
    return out


@jit
def _halve(planes, maxima, indices):
    """Windows of 2x2 side by side: the common case, in which whole vectors of windows are compared at once."""
    width = planes.shape[2]
    winners = np.empty(maxima.shape[2], np.int32)  # 0 1 over 2 3: as wide as a value, unlike an index
    for n in range(len(planes)):
        for i in range(maxima.shape[1]):
            upper, lower = planes[n, 2 * i], planes[n, 2 * i + 1]
            best, won = maxima[n, i], indices[n, i]
            for j in range(len(best)):
                a, b, c, d = upper[2 * j], upper[2 * j + 1], lower[2 * j], lower[2 * j + 1]
                take_b, take_d = (b > a) | (b != b), (d > c) | (d != d)  # NaN beats every number
                above, below = b if take_b else a, d if take_d else c
                take_below = (below > above) | (below != below)
                best[j] = below if take_below else above
                first, second = np.int32(1) if take_b else np.int32(0), np.int32(3) if take_d else np.int32(2)
                winners[j] = second if take_below else first
            for j in range(len(best)):
                winner = winners[j]
                won[j] = 2 * i * width + 2 * j + (winner & 1) + (winner >> 1) * width


@jit
def _pool(planes, maxima, indices, kernel, stride, padding, dilation):
    """Any window: one pass over a row of windows for each tap, first tap first."""
    _, height, width = planes.shape
    winners = np.empty(maxima.shape[2], np.int32)  # numbers of taps: as wide as a value, unlike an index
    for n in range(len(planes)):
        for i in range(maxima.shape[1]):
            best, won = maxima[n, i], indices[n, i]
            best[:] = -np.inf
            winners[:] = -1
            top = i * stride[0] - padding[0]
            untouched = True
            for a in range(kernel[0]):
                y = top + a * dilation[0]
                if 0 <= y < height:
                    _pool_row(planes[n, y], a, best, winners, untouched, kernel[1], stride[1], padding[1], dilation[1])
                    untouched = False
            for j in range(len(won)):
                a, b = winners[j] // kernel[1], winners[j] % kernel[1]
                x = j * stride[1] - padding[1] + b * dilation[1]
                won[j] = -1 if winners[j] < 0 else (top + a * dilation[0]) * width + x


@jit
def _pool_row(row, a, best, winners, untouched, kernel, stride, padding, dilation):
    """The taps of a row. In the first row, the first tap that is a pixel wins even with -infinity."""
    seen = len(best)
    for b in range(kernel):
        start = b * dilation - padding
        # The windows whose tap b is a pixel.
        first = max(0, -(start // stride))
        last = min(len(best), (len(row) - 1 - start) // stride + 1)
        if first >= last:
            continue
        tap = np.int32(a * kernel + b)
        if untouched:
            winners[first : min(seen, last)] = tap
        seen = min(seen, first)
        pixels = row[start + first * stride :]
        if stride == 1:
            _compare(pixels, tap, best[first:last], winners[first:last])
        elif stride == 2:
            _compare_every_second(pixels, tap, best[first:last], winners[first:last])
        else:
            _compare_every(stride, pixels, tap, best[first:last], winners[first:last])


@jit
def _compare(pixels, tap, best, winners):
    for j in range(len(best)):
        better = (pixels[j] > best[j]) | (pixels[j] != pixels[j])
        best[j] = pixels[j] if better else best[j]
        winners[j] = tap if better else winners[j]


@jit
def _compare_every_second(pixels, tap, best, winners):
    for j in range(len(best)):  # a step the compiler knows, so that it can use vectors
        better = (pixels[2 * j] > best[j]) | (pixels[2 * j] != pixels[2 * j])
        best[j] = pixels[2 * j] if better else best[j]
        winners[j] = tap if better else winners[j]


@jit
def _compare_every(step, pixels, tap, best, winners):
    for j in range(len(best)):
        better = (pixels[step * j] > best[j]) | (pixels[step * j] != pixels[step * j])
        best[j] = pixels[step * j] if better else best[j]
        winners[j] = tap if better else winners[j]


@jit
def _scatter(values, indices, out):
    size, missed = np.uint64(out.shape[1]), 0
    for n in range(len(values)):
        value, index, places = values[n], indices[n], out[n]
        places[:] = 0
        for i in range(len(value)):
            place = np.uint64(index[i])  # a negative one becomes huge
            if place < size:
                places[place] += value[i]
            else:
                missed += 1
    return missed


@jit
def _gather(places, indices, out):
    size = np.uint64(places.shape[1])
    for n in range(len(out)):
        row, index, values = places[n], indices[n], out[n]
        for i in range(len(values)):
            place = np.uint64(index[i])
            values[i] = row[place] if place < size else 0
