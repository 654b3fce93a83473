"""Max pooling that remembers where each maximum was, and the unpooling that puts it back there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.ops.window import IntOrPair, conv_output_size, pair


@takes_arrays("x")
def max_pool2d_with_indices(
    x: Tensor,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:
    """The maximum of each window, and the pixel it came from.

    Equal to `torch.nn.functional.max_pool2d(..., return_indices=True)`: the first of several equal maxima
    wins, and a NaN beats every number. The gradient of a maximum goes to the pixel it came from.

    Args:
        x: (C, H, W) or (N, C, H, W), floating point.
        kernel_size: height and width of the window.
        stride: step between two windows; the window's own size if None.
        padding: pixels at each border that never win; at most half the window.
        dilation: distance between two taps of the window.
        ceil_mode: also keep a last window that sticks out over the far border.

    Returns:
        The maxima, (C, H', W') or (N, C, H', W'), and as many int64 indices: row * W + column in the plane
        (H, W) of the same image and channel. A window that holds no pixel at all (possible with dilation)
        gives -inf and the index -1.

    Raises:
        ValueError: if `x` has another number of dimensions or is not floating point, if the padding is over
            half the window, or if the window does not fit.

    Example:
        >>> max_pool2d_with_indices(torch.tensor([[[1.0, 5, 2, 0], [3, 4, 7, 6]]]), 2)
        (tensor([[[5., 7.]]]), tensor([[[1, 6]]]))
    """
    _check_planes(x)
    kernel = pair(kernel_size, "kernel_size", 1)
    step = kernel if stride is None else pair(stride, "stride", 1)
    border = pair(padding, "padding", 0)
    spread = pair(dilation, "dilation", 1)
    if any(2 * p > k for p, k in zip(border, kernel, strict=True)):
        raise ValueError(f"padding must be at most half of kernel_size {kernel}; got {border}")
    size = [_pooled_size(*axis, ceil_mode) for axis in zip(x.shape[-2:], kernel, step, border, spread, strict=True)]

    if _served_by_a_twin(x):
        return _Pool.apply(x, kernel, step, border, spread, tuple(size))
    with torch.no_grad():
        indices = _argmax_windows(x, kernel, step, border, spread, size)
    flat = indices.flatten(-2)  # (..., H' W')
    maxima = x.flatten(-2).gather(-1, flat.clamp(min=0)).masked_fill(flat < 0, -torch.inf)  # (..., H' W')
    return maxima.view(indices.shape), indices  # both (..., H', W')


@takes_arrays("x", "indices")
def max_unpool2d(
    x: Tensor,
    indices: Tensor,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Each value goes back to the pixel that its index names; all other pixels are 0.

    One deliberate difference from `torch.nn.functional.max_unpool2d`: where windows overlap and several of
    them remember the same pixel, their values are **summed**, where torch keeps one of them. So this is the
    transpose of the pooling that made the indices: <unpool(y), x> = <y, x at the indices> for every x and y.

    Args:
        x: (C, H', W') or (N, C, H', W'), the values.
        indices: int64, shaped as x: row * W + column in the output plane (H, W).
        kernel_size: height and width of the pooling window.
        stride: step between two windows; the window's own size if None.
        padding: the pooling's padding.
        output_size: the output's (H, W), or its whole shape. Pooling forgets up to stride - 1 rows and columns,
            so this is how to ask for them back. If None, H = (H' - 1) stride - 2 padding + kernel.

    Returns:
        (C, H, W) or (N, C, H, W).

    Raises:
        ValueError: if x and indices differ in shape or device, if an index lies outside the output, or if no pooling
            with this window takes `output_size` to the size of x.

    Example:
        >>> max_unpool2d(torch.tensor([[[5.0, 7]]]), torch.tensor([[[1, 6]]]), 2)
        tensor([[[0., 5., 0., 0.],
                 [0., 0., 7., 0.]]])

    Source: Noh, Hong and Han, Learning deconvolution network for semantic segmentation (2015), section 3.2.2;
        Zeiler and Fergus, Visualizing and understanding convolutional networks (2014), section 2.1.
    """
    _check_planes(x)
    if indices.shape != x.shape or indices.dtype != torch.int64:
        raise ValueError(
            f"indices must be int64 and shaped as x, {tuple(x.shape)}; got {indices.dtype} {tuple(indices.shape)}"
        )
    if indices.device != x.device:
        raise ValueError(f"indices must be on x's device, {x.device}; got {indices.device}")
    kernel = pair(kernel_size, "kernel_size", 1)
    step = kernel if stride is None else pair(stride, "stride", 1)
    height, width = _unpooled_size(x, kernel, step, pair(padding, "padding", 0), output_size)
    if _served_by_a_twin(x, indices):
        planes, missed = _Scatter.apply(x.flatten(-2), indices.flatten(-2), height * width)
        if missed:
            _check_indices(indices, height, width)
        return planes.unflatten(-1, (height, width))
    _check_indices(indices, height, width)
    planes = x.new_zeros(*x.shape[:-2], height * width)  # (..., H W)
    planes = planes.scatter_add(-1, indices.flatten(-2), x.flatten(-2))
    return planes.unflatten(-1, (height, width))


def _check_indices(indices: Tensor, height: int, width: int) -> None:
    if torch.compiler.is_compiling() or indices.is_meta:  # no numbers to look at; torch's scatter looks itself
        return
    if indices.numel() and (int(indices.min()) < 0 or int(indices.max()) >= height * width):
        raise ValueError(
            f"indices must lie in 0..{height * width - 1} for an output of {height}x{width}; "
            f"got {int(indices.min())}..{int(indices.max())}: is output_size the size before the pooling?"
        )


def _check_planes(x: Tensor) -> None:
    if x.dim() not in (3, 4) or not x.is_floating_point():
        raise ValueError(f"x must be floating point, (C, H, W) or (N, C, H, W); got {x.dtype} {tuple(x.shape)}")


def _pooled_size(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    """Windows along one axis; in ceil mode one may stick out, if it starts inside the input or its near padding."""
    if not ceil_mode:
        return conv_output_size(size, kernel, stride, padding, dilation)
    # Up to a stride of missing pixels may be borrowed; an error then speaks of what is still missing.
    count = conv_output_size(size + stride - 1, kernel, stride, padding, dilation)
    return count - 1 if (count - 1) * stride >= size + padding else count


def _argmax_windows(
    x: Tensor,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    size: Sequence[int],
) -> Tensor:
    """The winning pixel of every window: one pass over the image for each tap of the window, first tap first."""
    # A border wide enough for the last window in ceil mode too; position -1 marks what is not a pixel.
    reach = [(n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(size, stride, dilation, kernel, strict=True)]
    top, left = padding
    bottom, right = (max(0, r - p - n) for r, p, n in zip(reach, padding, x.shape[-2:], strict=True))
    positions = torch.arange(x.shape[-2] * x.shape[-1], device=x.device).view(x.shape[-2:])  # (H, W)
    positions = F.pad(positions, (left, right, top, bottom), value=-1)
    values = F.pad(x, (left, right, top, bottom))

    best = x.new_full((*x.shape[:-2], *size), -torch.inf)  # (..., H', W')
    winner = torch.full_like(best, -1, dtype=torch.int64)
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            tap = (..., _every(i * dilation[0], stride[0], size[0]), _every(j * dilation[1], stride[1], size[1]))
            value, position = values[tap], positions[tap]  # (..., H', W') and (H', W')
            better = (position >= 0) & ((winner < 0) | (value > best) | value.isnan())
            best = torch.where(better, value, best)
            winner = torch.where(better, position, winner)
    return winner


def _every(start: int, step: int, count: int) -> slice:
    """`count` positions from `start` on, `step` apart."""
    return slice(start, start + (count - 1) * step + 1, step)


def _unpooled_size(
    x: Tensor,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    output_size: Sequence[int] | None,
) -> tuple[int, int]:
    """The output's height and width, checked against the pooling that would lead back to x."""
    usual = [(n - 1) * s - 2 * p + k for n, k, s, p in zip(x.shape[-2:], kernel, stride, padding, strict=True)]
    if output_size is None:
        return usual[0], usual[1]
    asked = list(output_size)[-2:]
    close = all(abs(a - u) < s for a, u, s in zip(asked, usual, stride, strict=False))
    if not (close and len(output_size) in (2, x.dim())):
        raise ValueError(
            f"output_size must be (H, W) or the whole shape, with H and W less than a stride {stride} away from "
            f"{tuple(usual)}; got {tuple(output_size)}"
        )
    return asked[0], asked[1]


def _served_by_a_twin(x: Tensor, *others: Tensor) -> bool:
    return x.dtype in (torch.float32, torch.float64) and backend(x, *others, differentiable=True) == "numba"


class _Pool(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        kernel: tuple[int, int],
        stride: tuple[int, int],
        padding: tuple[int, int],
        dilation: tuple[int, int],
        size: tuple[int, int],
    ) -> tuple[Tensor, Tensor]:
        from seeing.kernels.cpu.pooling import max_pool2d as twin

        maxima, indices = twin(x, kernel, stride, padding, dilation, size)
        ctx.save_for_backward(indices)
        ctx.mark_non_differentiable(indices)
        ctx.shape = x.shape
        return maxima, indices

    @staticmethod
    def backward(ctx: Any, grad: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
        (indices,) = ctx.saved_tensors
        pixels = ctx.shape[-2:].numel()
        return _Scatter.apply(grad.flatten(-2), indices.flatten(-2), pixels)[0].view(ctx.shape), *[None] * 5


class _Scatter(torch.autograd.Function):
    """Values to their pixels; its gradient is its transpose, and the transpose's is this."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, indices: Tensor, size: int) -> tuple[Tensor, int]:
        from seeing.kernels.cpu.pooling import scatter as twin

        ctx.save_for_backward(indices)
        return twin(values, indices, size)

    @staticmethod
    def backward(ctx: Any, grad: Tensor, *_: object) -> tuple[Tensor | None, ...]:
        return _Gather.apply(grad, *ctx.saved_tensors), None, None


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, planes: Tensor, indices: Tensor) -> Tensor:
        from seeing.kernels.cpu.pooling import gather as twin

        ctx.save_for_backward(indices)
        ctx.size = planes.shape[-1]
        return twin(planes, indices)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return _Scatter.apply(grad, *ctx.saved_tensors, ctx.size)[0], None
