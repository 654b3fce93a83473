"""RoIAlign: a box of any size becomes a small grid, without rounding its corners to pixels.

The samples are spaced evenly and interpolation is separable, so it all comes down to two small matrix products a box::

    out[k] = A_y[k] @ input[image[k]] @ A_x[k]^T        (P, H) @ (C, H, W) @ (W, Q)
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.kernels.layout import memory_format
from seeing.ops.rois import boxes_to_rois, check_rois, check_scale
from seeing.ops.window import IntOrPair, pair


@takes_arrays("input", each=("boxes",))
def roi_align(
    input: Tensor,
    boxes: Tensor | Sequence[Tensor],
    output_size: IntOrPair,
    spatial_scale: float = 1.0,
    sampling_ratio: int = -1,
    aligned: bool = False,
) -> Tensor:
    """The mean of the map in each bin of each box, taken from bilinear samples.

    Equal to `torchvision.ops.roi_align`. The gradient goes to the map, never to the boxes. A GPU adds it up in no
    fixed order, so that it may differ in the last digits from run to run, unless
    `torch.use_deterministic_algorithms(True)` is set.

    Args:
        input: (N, C, H, W), floating point. Float64 is computed as such, everything else in float32.
        boxes: (K, 5), each row an image number and an xyxy box in pixels of the image; or for each image an (L, 4)
            tensor of xyxy boxes. A part of a box that lies more than a pixel outside the map counts as 0.
        output_size: bins along y and x, (P, Q).
        spatial_scale: map pixels per image pixel: 1 / 16 on a map of stride 16.
        sampling_ratio: samples of a bin along each axis; if not positive, as many as the bin has pixels, rounded up.
        aligned: True takes the pixel (i, j) to have its centre at (i + 1/2, j + 1/2), as boxes count. False is how it
            was first published and shipped: half a pixel off, and boxes are widened to a pixel on the map.

    Returns:
        (K, C, P, Q), with the dtype of `input`; channels-last if `input` is. A box without height or width gives 0
        if `aligned` and not `sampling_ratio` > 0, else the value there.

    Raises:
        ValueError: if a shape, type or device is not as above, or a box is not finite, is inside out or names no image.

    Example:
        >>> ramp = torch.arange(8.0).expand(1, 1, 8, 8)  # pixel i, whose centre is at i + 1/2, holds i
        >>> roi_align(ramp, [torch.tensor([[2.0, 2, 6, 6]])], (1, 2), aligned=True)
        tensor([[[[2.5000, 4.5000]]]])

    Source: He, Gkioxari, Dollar and Girshick, Mask R-CNN (2017), section 3.
    """
    rois, size = boxes_to_rois(boxes, input), pair(output_size, "output_size", 1)
    check_scale(spatial_scale)
    arguments = (float(spatial_scale), sampling_ratio, aligned)
    if torch.compiler.is_compiling() or input.is_meta:
        return _forward_op(input.to(rois.dtype), rois, size, *arguments).to(input.dtype)
    check_rois(rois, len(input))
    return _align(input.to(rois.dtype), rois, size, *arguments).to(input.dtype)


def averaging_matrix(low: Tensor, high: Tensor, bins: int, size: int, sampling_ratio: int, aligned: bool) -> Tensor:
    """How much each pixel of one axis counts in each bin of an interval.

    Args:
        low: (K,), where the intervals begin, in pixels of the map; `aligned` has taken off its 1/2.
        high: (K,), where they end.
        bins: how many bins an interval is cut into.
        size: the number of pixels.
        sampling_ratio: as in `roi_align`.
        aligned: as in `roi_align`.

    Returns:
        (K, bins, size). A row sums to 1, less what the samples more than a pixel outside the map would add.
    """
    length = high - low if aligned else (high - low).clamp(min=1)  # (K,)
    step = (length / bins)[:, None]  # (K, 1)
    begin = low[:, None] + torch.arange(bins, device=low.device) * step  # (K, bins)
    if sampling_ratio > 0:
        samples, skipped, most = torch.full_like(step, sampling_ratio), torch.zeros_like(begin), sampling_ratio
    else:
        samples = step.ceil().clamp(max=2**30)
        # These samples are more than half a pixel apart. Those before the map are passed over, so that a box
        # of a million pixels takes no longer than the map is wide.
        skipped = ((-1 - begin) / step * samples - 2).floor().nan_to_num(0).clamp(min=0)
        most = min(int(samples.max()), 2 * size + 8) if len(low) else 0

    weights = low.new_zeros(len(low), bins, size)  # (K, bins, size)
    pixels = torch.arange(size, device=low.device)
    for i in range(most):
        number = skipped + i
        x = begin + (number + 0.5) * step / samples  # (K, bins)
        counts = (number < samples) & (x >= -1) & (x <= size)
        tent = 1 - (x.clamp(0, size - 1)[..., None] - pixels).abs()  # (K, bins, size)
        weights += torch.where(counts[..., None], tent.clamp(min=0), 0)
    return weights / samples.clamp(min=1)[..., None]


def _two_products(
    input: Tensor, rois: Tensor, size: tuple[int, int], scale: float, sampling_ratio: int, aligned: bool
) -> Tensor:
    """The readable RoIAlign. Matrix products also multiply with 0: an infinite pixel spoils all boxes of its image."""
    with torch.no_grad():
        x1, y1, x2, y2 = (rois[:, 1:] * scale - (0.5 if aligned else 0)).unbind(1)  # each (K,)
        down = averaging_matrix(y1, y2, size[0], input.shape[2], sampling_ratio, aligned)  # (K, P, H)
        across = averaging_matrix(x1, x2, size[1], input.shape[3], sampling_ratio, aligned)  # (K, Q, W)
    if not len(rois):
        return input.sum() * input.new_zeros(0, input.shape[1], *size)  # empty, yet it has a gradient
    images = rois[:, 0].long().tolist()
    return torch.stack([a @ input[n] @ b.T for n, a, b in zip(images, down, across, strict=True)])  # (K, C, P, Q)


def _align(
    input: Tensor, rois: Tensor, size: Sequence[int], scale: float, sampling_ratio: int, aligned: bool
) -> Tensor:
    """Whoever may serve these tensors does."""
    rows, columns = size
    arguments = (input, rois, (rows, columns), scale, sampling_ratio, aligned)
    if _served_by_a_twin(input, rois):
        return _Align.apply(*arguments)
    return _two_products(*arguments).contiguous(memory_format=memory_format(input))


def _spread(
    grad: Tensor, rois: Tensor, shape: Sequence[int], scale: float, sampling_ratio: int, aligned: bool
) -> Tensor:
    """The transpose of `_align`: the gradient (K, C, P, Q) goes back to the pixels of a map shaped (N, C, H, W)."""
    if _served_by_a_twin(grad, rois):
        return _Spread.apply(grad, rois, tuple(shape), scale, sampling_ratio, aligned)
    with torch.enable_grad():
        input = grad.new_zeros(tuple(shape), requires_grad=True)
        out = _two_products(input, rois, (grad.shape[2], grad.shape[3]), scale, sampling_ratio, aligned)
    return torch.autograd.grad(out, input, grad)[0].contiguous(memory_format=memory_format(grad))


def _served_by_a_twin(values: Tensor, rois: Tensor) -> bool:
    server = backend(values, rois, differentiable=True)
    return server != "torch" and not (values.is_cuda and torch.are_deterministic_algorithms_enabled())


def _twin(tensor: Tensor) -> ModuleType:
    if tensor.is_cuda:
        from seeing.kernels.gpu import roi_align as triton_twin

        return triton_twin
    from seeing.kernels.cpu import roi_align as numba_twin

    return numba_twin


class _Align(torch.autograd.Function):
    """RoIAlign is linear in the map. So its gradient is its transpose, and the transpose's gradient is RoIAlign."""

    @staticmethod
    def forward(ctx: Any, input: Tensor, rois: Tensor, size: tuple[int, int], *arguments: float) -> Tensor:
        ctx.save_for_backward(rois)
        ctx.shape, ctx.arguments = input.shape, arguments
        return _twin(input).roi_align(input, rois, size, *arguments)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        (rois,) = ctx.saved_tensors
        return _spread(grad, rois, ctx.shape, *ctx.arguments), None, None, None, None, None


class _Spread(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, grad: Tensor, rois: Tensor, shape: tuple[int, ...], *arguments: float) -> Tensor:
        ctx.save_for_backward(rois)
        ctx.size, ctx.arguments = grad.shape[2:], arguments
        return _twin(grad).roi_align_backward(grad, rois, shape, *arguments)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        (rois,) = ctx.saved_tensors
        return _align(grad, rois, ctx.size, *ctx.arguments), None, None, None, None, None


# For `torch.compile`, which cannot look into the kernels: the same two as operators with known shapes.
_SIGNATURE = "(Tensor {}, Tensor rois, SymInt[] {}, float scale, int sampling_ratio, bool aligned) -> Tensor"


@torch.library.custom_op("seeing::roi_align", mutates_args=(), schema=_SIGNATURE.format("input", "size"))
def _forward_op(
    input: Tensor, rois: Tensor, size: Sequence[int], scale: float, sampling_ratio: int, aligned: bool
) -> Tensor:
    check_rois(rois, len(input))
    return _align(input, rois, size, scale, sampling_ratio, aligned)


@torch.library.custom_op("seeing::roi_align_backward", mutates_args=(), schema=_SIGNATURE.format("grad", "shape"))
def _backward_op(
    grad: Tensor, rois: Tensor, shape: Sequence[int], scale: float, sampling_ratio: int, aligned: bool
) -> Tensor:
    return _spread(grad, rois, shape, scale, sampling_ratio, aligned)


@_forward_op.register_fake
def _(input: Tensor, rois: Tensor, size: Sequence[int], *_: float) -> Tensor:
    return _empty(input, (len(rois), input.shape[1], *size))


@_backward_op.register_fake
def _(grad: Tensor, rois: Tensor, shape: Sequence[int], *_: float) -> Tensor:
    return _empty(grad, shape)


def _empty(like: Tensor, shape: Sequence[int]) -> Tensor:
    return torch.empty(shape, dtype=like.dtype, device=like.device, memory_format=memory_format(like))


def _remember(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    values, rois, sizes, *ctx.arguments = inputs
    ctx.save_for_backward(rois)
    ctx.sizes, ctx.shape = sizes, values.shape


_forward_op.register_autograd(
    lambda ctx, grad: (_backward_op(grad, *ctx.saved_tensors, ctx.shape, *ctx.arguments), *[None] * 5),
    setup_context=_remember,
)
_backward_op.register_autograd(
    lambda ctx, grad: (_forward_op(grad, *ctx.saved_tensors, ctx.shape[2:], *ctx.arguments), *[None] * 5),
    setup_context=_remember,
)
