"""RoIPool: a box of any size becomes a small grid, by rounding to whole pixels and taking maxima."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.kernels.layout import memory_format
from seeing.ops.rois import boxes_to_rois, check_rois, check_scale
from seeing.ops.window import IntOrPair, pair

FARTHEST = 2.0**30
"""Corners further out than that many pixels count as lying there."""


@takes_arrays("input", each=("boxes",))
def roi_pool(
    input: Tensor, boxes: Tensor | Sequence[Tensor], output_size: IntOrPair, spatial_scale: float = 1.0
) -> Tensor:
    """The maximum of the map in each bin of each box.

    Equal to `torchvision.ops.roi_pool`. The gradient goes to the first pixel, row by row, that holds the maximum,
    and never to the boxes. It has no gradient of its own where a fast twin serves.

    Args:
        input: (N, C, H, W), floating point. Float64 is computed as such, everything else in float32.
        boxes: (K, 5), each row an image number and an xyxy box in pixels of the image; or for each image an (L, 4)
            tensor of xyxy boxes. On the map corners are rounded to pixels, halves away from 0, and both count in.
        output_size: bins along y and x, (P, Q). Bins are rounded outward, so that neighbours may overlap.
        spatial_scale: map pixels per image pixel: 1 / 16 on a map of stride 16.

    Returns:
        (K, C, P, Q), with the dtype of `input`; channels-last if `input` is. A bin wholly outside the map gives 0;
        one with nothing but NaN and -infinity gives the lowest float32.

    Raises:
        ValueError: if a shape, type or device is not as above, or a box is not finite, is inside out or names no image.

    Example:
        >>> ramp = torch.arange(8.0).expand(1, 1, 8, 8)
        >>> roi_pool(ramp, [torch.tensor([[2.0, 2, 5, 5]])], (1, 2))  # columns 2 and 3, columns 4 and 5
        tensor([[[[3., 5.]]]])

    Source: Girshick, Fast R-CNN (2015), section 2.1.
    """
    rois, size = boxes_to_rois(boxes, input), pair(output_size, "output_size", 1)
    check_scale(spatial_scale)
    if torch.compiler.is_compiling() or input.is_meta:
        return _forward_op(input.to(rois.dtype), rois, size, float(spatial_scale)).to(input.dtype)
    check_rois(rois, len(input))
    return _pool(input.to(rois.dtype), rois, size, float(spatial_scale)).to(input.dtype)


def bin_edges(low: Tensor, high: Tensor, bins: int, size: int) -> tuple[Tensor, Tensor]:
    """Where the bins of an interval begin and end, in whole pixels.

    Args:
        low: (K,), where the intervals begin, in pixels of the map.
        high: (K,), where they end.
        bins: how many bins an interval is cut into.
        size: the number of pixels.

    Returns:
        Two int64 (K, bins), from 0 to size: the first pixel of each bin, and the first one after it.
    """
    low, high = (_round(t).clamp(-FARTHEST, FARTHEST)[:, None] for t in (low, high))  # (K, 1)
    step = (high.long() - low.long() + 1).clamp(min=1).to(low.dtype) / bins  # (K, 1)
    number = torch.arange(bins, device=low.device)
    begin, end = (number * step).floor(), ((number + 1) * step).ceil()  # (K, bins)
    begin, end = ((t.long() + low.long()).clamp(0, size) for t in (begin, end))
    return begin, end


def _maxima_of_maxima(input: Tensor, rois: Tensor, size: Sequence[int], scale: float) -> Tensor:
    """The readable RoIPool: the maximum over a rectangle is that of the maxima of its rows."""
    lowest = torch.finfo(torch.float32).min
    input = torch.where(input > lowest, input, lowest)  # NaN and -infinity: no maximum, and no gradient
    x1, y1, x2, y2 = (rois[:, 1:] * scale).unbind(1)  # each (K,)
    tops, bottoms = bin_edges(y1, y2, size[0], input.shape[2])  # each (K, P)
    lefts, rights = bin_edges(x1, x2, size[1], input.shape[3])  # each (K, Q)
    if not len(rois):
        return input.sum() * input.new_zeros(0, input.shape[1], *size)  # empty, yet it has a gradient
    edges = (torch.stack(t, 2).tolist() for t in ((tops, bottoms), (lefts, rights)))
    pooled = []
    for n, down, across in zip(rois[:, 0].long().tolist(), *edges, strict=True):
        lines = torch.stack([_max(input[n, :, :, left:right], 2) for left, right in across], 2)  # (C, H, Q)
        pooled.append(torch.stack([_max(lines[:, top:bottom], 1) for top, bottom in down], 1))  # (C, P, Q)
    return torch.stack(pooled)  # (K, C, P, Q)


def _max(x: Tensor, dim: int) -> Tensor:
    """The maximum along one axis, the first of equal ones; of nothing, 0."""
    return x.max(dim).values if x.shape[dim] else x.sum(dim)


def _round(x: Tensor) -> Tensor:
    """To the nearest whole number, halves away from 0; `torch.round` takes them to the even neighbour."""
    whole = x.trunc()
    return whole + (x - whole >= 0.5).to(x.dtype) - (x - whole <= -0.5).to(x.dtype)


def _pool(input: Tensor, rois: Tensor, size: Sequence[int], scale: float) -> Tensor:
    """Whoever may serve these tensors does."""
    if backend(input, rois, differentiable=True) == "numba":
        return _Pool.apply(input, rois, tuple(size), scale)
    return _maxima_of_maxima(input, rois, size, scale).contiguous(memory_format=memory_format(input))


class _Pool(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, input: Tensor, rois: Tensor, size: tuple[int, int], scale: float) -> Tensor:
        from seeing.kernels.cpu.roi_pool import roi_pool as twin

        out, winners = twin(input, rois, size, scale, with_winners=ctx.needs_input_grad[0])
        ctx.save_for_backward(winners, rois)
        ctx.shape = input.shape
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        from seeing.kernels.cpu.roi_pool import roi_pool_backward as twin

        winners, rois = ctx.saved_tensors
        return twin(grad, winners, rois, ctx.shape), None, None, None


# For `torch.compile`, which cannot look into the kernels: operators whose results it knows the shape of.
_SIGNATURE = "({}Tensor input, Tensor rois, SymInt[] size, float scale) -> Tensor"


@torch.library.custom_op("seeing::roi_pool", mutates_args=(), schema=_SIGNATURE.format(""))
def _forward_op(input: Tensor, rois: Tensor, size: Sequence[int], scale: float) -> Tensor:
    check_rois(rois, len(input))
    return _pool(input, rois, size, scale)


@torch.library.custom_op("seeing::roi_pool_backward", mutates_args=(), schema=_SIGNATURE.format("Tensor grad, "))
def _backward_op(grad: Tensor, input: Tensor, rois: Tensor, size: Sequence[int], scale: float) -> Tensor:
    with torch.enable_grad():
        input = input.detach().requires_grad_()
        out = _pool(input, rois, size, scale)
    return torch.autograd.grad(out, input, grad)[0].contiguous(memory_format=memory_format(input))


@_forward_op.register_fake
def _(input: Tensor, rois: Tensor, size: Sequence[int], scale: float) -> Tensor:
    shape = (len(rois), input.shape[1], *size)
    return torch.empty(shape, dtype=input.dtype, device=input.device, memory_format=memory_format(input))


@_backward_op.register_fake
def _(grad: Tensor, input: Tensor, rois: Tensor, size: Sequence[int], scale: float) -> Tensor:
    return torch.empty(input.shape, dtype=grad.dtype, device=grad.device, memory_format=memory_format(input))


def _remember(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    input, rois, *ctx.arguments = inputs
    ctx.save_for_backward(input, rois)


_forward_op.register_autograd(
    lambda ctx, grad: (_backward_op(grad, *ctx.saved_tensors, *ctx.arguments), None, None, None),
    setup_context=_remember,
)
