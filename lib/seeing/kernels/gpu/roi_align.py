"""RoIAlign and its gradient: a program for a box, some of its bins and some channels.

Inside, the map is channels-last, so that neighbouring threads read and add to neighbouring numbers. The gradient is
added up by atomic operations: in no fixed order, hence not to the last digit the same in every run.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from seeing.kernels.layout import memory_format

TILE = 2048
"""Bytes of the bins and channels of one program: 16 a thread, so that a warp reads and adds four numbers at a time."""

CHANNELS = 64
"""Channels of one program, at most."""


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
    pixels = input.detach().permute(0, 2, 3, 1).contiguous()
    out = input.new_empty(len(rois), *size, input.shape[1])
    _launch(_pool, pixels, rois, out, scale, sampling_ratio, aligned)
    return out.permute(0, 3, 1, 2).contiguous(memory_format=memory_format(input))


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
    bins = grad.detach().permute(0, 2, 3, 1).contiguous()
    pixels = grad.new_zeros(count, height, width, channels)
    _launch(_spread, pixels, rois, bins, scale, sampling_ratio, aligned)
    return pixels.permute(0, 3, 1, 2).contiguous(memory_format=memory_format(grad))


def _launch(
    kernel: triton.JITFunction,
    pixels: Tensor,
    rois: Tensor,
    bins: Tensor,
    scale: float,
    sampling_ratio: int,
    aligned: bool,
) -> None:
    """One program for each box, block of bins and block of channels: pixels (N, H, W, C), bins (K, P, Q, C)."""
    if 0 in bins.shape:
        return
    _, height, width, channels = pixels.shape
    count, rows, columns, _ = bins.shape
    images = rois[:, 0].long()
    # Scaled here, since a kernel would take the scale as a float32.
    corners = (rois[:, 1:] * scale - (0.5 if aligned else 0)).contiguous()
    across = min(CHANNELS, triton.next_power_of_2(channels))
    along = min(TILE // (across * bins.element_size()), triton.next_power_of_2(rows * columns))
    grid = (count, triton.cdiv(rows * columns, along), triton.cdiv(channels, across))
    with torch.cuda.device_of(pixels):
        kernel[grid](
            pixels,
            images,
            corners,
            bins,
            height,
            width,
            channels,
            rows,
            columns,
            RATIO=max(sampling_ratio, 0),
            ALIGNED=bool(aligned),
            BINS=along,
            CHANNELS=across,
        )


@triton.jit
def _divide(a, b):
    """Correctly rounded: with less, a box of 14 pixels might get 3 samples in one of its 7 bins."""
    if a.dtype == tl.float32:
        return tl.div_rn(a, b)
    else:
        return a / b


@triton.jit
def _extent(corners, bins, size, RATIO: tl.constexpr, ALIGNED: tl.constexpr):
    """One axis of a box: where it begins, how long a bin is, how many samples that has, how many may lie on the map."""
    low = tl.load(corners)
    length = tl.load(corners + 2) - low
    if not ALIGNED:
        length = tl.maximum(length, 1.0)
    step = _divide(length, bins.to(low.dtype))
    if RATIO > 0:
        samples = (low * 0).to(tl.int32) + RATIO
        most = samples
    else:
        samples = tl.ceil(tl.minimum(step, 1073741824.0)).to(tl.int32)
        most = tl.minimum(samples, 2 * size + 8)  # they are more than half a pixel apart
    return low, step, samples, most


@triton.jit
def _sample(low, step, samples, bin, i, size, RATIO: tl.constexpr):
    """Sample i of each bin: the pixels on both sides, the share of the second, and whether the sample counts."""
    begin = low + bin * step
    number = (begin * 0).to(tl.int32) + i
    if RATIO == 0:  # pass over the samples before the map
        skipped = tl.floor((-1.0 - begin) / step * samples - 2)
        skipped = tl.where(begin < -1, skipped, 0.0)
        number += tl.minimum(tl.maximum(skipped, 0.0), 1073741824.0).to(tl.int32)
    x = begin + _divide((number.to(low.dtype) + 0.5) * step, samples.to(low.dtype) + begin * 0)
    counts = (number < samples) & (x >= -1) & (x <= size)
    x = tl.minimum(tl.maximum(tl.where(counts, x, 0.0), 0.0), size - 1.0)
    left = tl.floor(x).to(tl.int32)
    return left, tl.minimum(left + 1, size - 1), x - left, counts


@triton.jit
def _part(rows, columns, channels, BINS: tl.constexpr, CHANNELS: tl.constexpr):
    """What this program works on: a box, bins and channels, and which of these there are."""
    bin = tl.program_id(1) * BINS + tl.arange(0, BINS)
    c = tl.program_id(2) * CHANNELS + tl.arange(0, CHANNELS)
    some = (bin < rows * columns)[:, None] & (c < channels)[None]
    return tl.program_id(0).to(tl.int64), bin, c, some


@triton.jit
def _pixels_at(pixels, y, x, width, c, channels):
    """Where the channels c of the pixels (y, x) lie."""
    return pixels + ((y.to(tl.int64) * width + x) * channels)[:, None] + c[None]


@triton.jit
def _read(weight, at, some):
    """A pixel without weight is not read: 0 times infinity would be NaN."""
    return weight[:, None] * tl.load(at, mask=(weight != 0)[:, None] & some, other=0.0)


@triton.jit
def _add(weight, values, at, some):
    tl.atomic_add(at, weight[:, None] * values, mask=(weight != 0)[:, None] & some, sem="relaxed")


@triton.jit
def _pool(
    pixels,
    images,
    corners,
    bins,
    height,
    width,
    channels,
    rows,
    columns,
    RATIO: tl.constexpr,
    ALIGNED: tl.constexpr,
    BINS: tl.constexpr,
    CHANNELS: tl.constexpr,
):
    k, bin, c, some = _part(rows, columns, channels, BINS, CHANNELS)
    image = pixels + tl.load(images + k) * height * width * channels
    y_low, y_step, y_samples, y_most = _extent(corners + 4 * k + 1, rows, height, RATIO, ALIGNED)
    x_low, x_step, x_samples, x_most = _extent(corners + 4 * k, columns, width, RATIO, ALIGNED)

    total = tl.zeros((BINS, CHANNELS), y_low.dtype)
    for i in range(y_most):
        top, bottom, down, on_y = _sample(y_low, y_step, y_samples, bin // columns, i, height, RATIO)
        for j in range(x_most):
            left, right, across, on_x = _sample(x_low, x_step, x_samples, bin % columns, j, width, RATIO)
            on_map = tl.where(on_y & on_x, 1.0, 0.0)
            upper, lower = on_map * (1 - down), on_map * down
            total += _read(upper * (1 - across), _pixels_at(image, top, left, width, c, channels), some)
            total += _read(upper * across, _pixels_at(image, top, right, width, c, channels), some)
            total += _read(lower * (1 - across), _pixels_at(image, bottom, left, width, c, channels), some)
            total += _read(lower * across, _pixels_at(image, bottom, right, width, c, channels), some)
    total /= tl.maximum(y_samples.to(y_low.dtype) * x_samples, 1.0)
    tl.store(bins + (k * rows * columns + bin)[:, None] * channels + c[None], total, mask=some)


@triton.jit
def _spread(
    pixels,
    images,
    corners,
    bins,
    height,
    width,
    channels,
    rows,
    columns,
    RATIO: tl.constexpr,
    ALIGNED: tl.constexpr,
    BINS: tl.constexpr,
    CHANNELS: tl.constexpr,
):
    k, bin, c, some = _part(rows, columns, channels, BINS, CHANNELS)
    image = pixels + tl.load(images + k) * height * width * channels
    y_low, y_step, y_samples, y_most = _extent(corners + 4 * k + 1, rows, height, RATIO, ALIGNED)
    x_low, x_step, x_samples, x_most = _extent(corners + 4 * k, columns, width, RATIO, ALIGNED)

    share = tl.load(bins + (k * rows * columns + bin)[:, None] * channels + c[None], mask=some, other=0.0)
    share /= tl.maximum(y_samples.to(y_low.dtype) * x_samples, 1.0)
    for i in range(y_most):
        top, bottom, down, on_y = _sample(y_low, y_step, y_samples, bin // columns, i, height, RATIO)
        for j in range(x_most):
            left, right, across, on_x = _sample(x_low, x_step, x_samples, bin % columns, j, width, RATIO)
            on_map = tl.where(on_y & on_x, 1.0, 0.0)
            upper, lower = on_map * (1 - down), on_map * down
            _add(upper * (1 - across), share, _pixels_at(image, top, left, width, c, channels), some)
            _add(upper * across, share, _pixels_at(image, top, right, width, c, channels), some)
            _add(lower * (1 - across), share, _pixels_at(image, bottom, left, width, c, channels), some)
            _add(lower * across, share, _pixels_at(image, bottom, right, width, c, channels), some)
