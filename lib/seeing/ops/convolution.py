"""Convolution as a matrix product, its transpose as stamps that add up, and the layers made from them.

Both ops are one matrix product between a reshaping and its mirror image::

    conv2d            x  -> unfold -> W   @ columns
    conv_transpose2d  x  -> W^T @ x -> fold

torch's own convolution gives the same faster, by libraries that know the machine. So it serves every call, and the code
here those inside `seeing.kernels.reference()`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seeing.arrays import takes_arrays
from seeing.kernels import torch_may_serve
from seeing.ops.checks import check_one_type
from seeing.ops.window import IntOrPair, conv_output_size, conv_transpose_output_size, pair


@takes_arrays("x", "weight", "bias")
def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> Tensor:
    """Slide a kernel over an image: every window becomes a column, and one matrix product weighs them all.

    Equal to `torch.nn.functional.conv2d`. As everywhere in deep learning the kernel is not flipped: strictly
    this is a cross-correlation.

    Args:
        x: (C, H, W) or (N, C, H, W).
        weight: (O, C / groups, kH, kW).
        bias: (O,), or None.
        stride: step between two windows.
        padding: zeros added at each border; "valid" for none, "same" for as many as keep H and W (stride 1 only).
        dilation: distance between two taps of the kernel.
        groups: the channels are split into this many parts that do not see each other.

    Returns:
        (O, H', W') or (N, O, H', W'), with H' = floor((H + 2p - d(kH - 1) - 1) / s) + 1. An empty batch gives
        an empty batch.

    Raises:
        ValueError: if the shapes do not belong together or the kernel does not fit into the image.

    Example:
        >>> image = torch.arange(9.0).reshape(1, 3, 3)
        >>> conv2d(image, torch.ones(1, 1, 2, 2))  # 0 + 1 + 3 + 4 = 8
        tensor([[[ 8., 12.],
                 [20., 24.]]])

    Source: Chellapilla, Puri and Simard, High performance convolutional neural networks for document
        processing (2006), section 3.
    """
    batch = _batched(x, weight, bias)
    out_channels, group_channels, kernel = len(weight), weight.shape[1], tuple(weight.shape[2:])
    _check_channels(weight, batch.shape[1], group_channels * groups, out_channels, groups, bias)
    step, spread = pair(stride, "stride", 1), pair(dilation, "dilation", 1)
    left, right, top, bottom = _border(padding, kernel, step, spread)
    padded = (batch.shape[2] + top + bottom, batch.shape[3] + left + right)
    size = [conv_output_size(n, k, s, 0, d) for n, k, s, d in zip(padded, kernel, step, spread, strict=True)]
    if torch_may_serve():
        if (left, top) != (right, bottom):
            x, left, top = F.pad(x, (left, right, top, bottom)), 0, 0
        return F.conv2d(x, weight, bias, step, (top, left), spread, groups)

    batch = F.pad(batch, (left, right, top, bottom))
    # (N, C kH kW, H' W'), then (N, g, C / g kH kW, H' W')
    columns = F.unfold(batch, kernel, dilation=spread, stride=step)
    columns = columns.view(len(batch), groups, weight[0].numel(), math.prod(size))
    rows = weight.reshape(groups, out_channels // groups, -1)
    out = (rows @ columns).view(len(batch), out_channels, *size)  # (N, O, H', W')
    return _finish(out, bias, x)


@takes_arrays("x", "weight", "bias")
def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    groups: int = 1,
    dilation: IntOrPair = 1,
) -> Tensor:
    """Every input pixel stamps the kernel, scaled by its value, onto the output; where stamps overlap they add.

    Equal to `torch.nn.functional.conv_transpose2d`, argument order included. As a matrix it is the transpose of
    `conv2d` with the same weight, stride, padding and dilation: <conv2d(a), b> = <a, conv_transpose2d(b)>. It is
    not the inverse.

    Args:
        x: (C, H, W) or (N, C, H, W).
        weight: (C, O / groups, kH, kW): input channels first, as `conv2d` has them for the way back.
        bias: (O,), or None.
        stride: step between two stamps.
        padding: pixels cut off at each border.
        output_padding: pixels added at the far borders, for the sizes that a strided convolution merges; less
            than the stride or the dilation.
        groups: the channels are split into this many parts that do not see each other.
        dilation: distance between two taps of the kernel.

    Returns:
        (O, H', W') or (N, O, H', W'), with H' = (H - 1)s - 2p + d(kH - 1) + 1 + output_padding.

    Raises:
        ValueError: if the shapes do not belong together, the padding cuts everything off, or the output padding
            is too large.

    Example:
        >>> conv_transpose2d(torch.tensor([[[1.0, 2.0]]]), torch.ones(1, 1, 1, 3), stride=2)  # two stamps meet
        tensor([[[1., 1., 3., 2., 2.]]])

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), section 4; Long,
        Shelhamer and Darrell, Fully convolutional networks for semantic segmentation (2015), section 3.3.
    """
    batch = _batched(x, weight, bias)
    in_channels, group_out, kernel = len(weight), weight.shape[1], tuple(weight.shape[2:])
    _check_channels(weight, batch.shape[1], in_channels, group_out * groups, groups, bias)
    if not (x.is_floating_point() or x.is_complex()):
        raise ValueError(f"x and weight must be floating point; got {x.dtype}")
    step, spread = pair(stride, "stride", 1), pair(dilation, "dilation", 1)
    cut, extra = pair(padding, "padding", 0), pair(output_padding, "output_padding", 0)
    if any(e >= max(s, d) for e, s, d in zip(extra, step, spread, strict=True)):
        raise ValueError(f"output_padding must be less than stride {step} or dilation {spread}; got {extra}")
    for axis in zip(batch.shape[2:], kernel, step, cut, extra, spread, strict=True):
        conv_transpose_output_size(*axis)
    if torch_may_serve():
        return F.conv_transpose2d(x, weight, bias, step, cut, extra, groups, spread)

    places = math.prod(batch.shape[2:])  # H W
    pixels = batch.reshape(len(batch), groups, in_channels // groups, places)
    rows = weight.reshape(groups, in_channels // groups, weight[0].numel())
    stamps = (rows.mT @ pixels).flatten(1, 2)  # (N, O kH kW, H W)
    full = tuple(
        conv_transpose_output_size(n, k, s, dilation=d)
        for n, k, s, d in zip(batch.shape[2:], kernel, step, spread, strict=True)
    )
    out = F.fold(stamps, full, kernel, dilation=spread, stride=step)
    # The far border loses the padding and gains the output padding: in that order pixels that a stamp reached
    # come back first, and only then zeros.
    (top, left), (down, right) = cut, extra
    return _finish(F.pad(out, (-left, right - left, -top, down - top)), bias, x)


def bilinear_kernel(factor: int, channels: int = 1, *, dtype: torch.dtype | None = None) -> Tensor:
    """The kernel with which a transposed convolution enlarges by bilinear interpolation.

    Use it with stride `factor`, padding `(kernel - factor) // 2` and `groups=channels`: the output is exactly
    `factor` times as large. Away from the border it equals
    `torch.nn.functional.interpolate(..., mode="bilinear", align_corners=False)`. At the border it fades, since
    there the stamps of neighbours outside the image are missing.

    Args:
        factor: how many times larger, at least 1; 1 gives the identity.
        channels: the number of channels, each enlarged for itself.
        dtype: of the result; torch's default if None.

    Returns:
        (channels, 1, k, k) with k = 2 factor - factor % 2. The stamps that meet in an inner pixel add up to
        weight 1, so the whole kernel sums to factor^2.

    Raises:
        ValueError: if `factor` or `channels` is less than 1.

    Example:
        >>> bilinear_kernel(2)[0, 0, 1]  # a row next to the middle: (1, 3, 3, 1) / 4 times 3 / 4
        tensor([0.1875, 0.5625, 0.5625, 0.1875])

    Source: Long, Shelhamer and Darrell (2015), section 4.1, "upsampling is initialised to bilinear interpolation".
    """
    if factor < 1 or channels < 1:
        raise ValueError(f"factor and channels must be at least 1; got {factor} and {channels}")
    size = 2 * factor - factor % 2
    distance = (torch.arange(size, dtype=dtype or torch.get_default_dtype()) - (size - 1) / 2).abs()
    tent = 1 - distance / factor  # (k,)
    return torch.outer(tent, tent).expand(channels, 1, size, size).clone()  # (channels, 1, k, k)


def linear_to_conv(linear: nn.Linear, input_shape: Sequence[int]) -> nn.Conv2d:
    """The convolution that does to every window of a larger map what a linear layer did to one flattened map.

    Args:
        linear: its inputs are a (C, H, W) map, flattened.
        input_shape: that (C, H, W).

    Returns:
        A convolution from C channels to `linear.out_features`, kernel (H, W), stride 1, no padding, with its own
        copy of the parameters (same device, dtype and requires_grad). On a map of just H x W it gives the
        linear layer's output as a 1 x 1 map.

    Raises:
        ValueError: if C * H * W is not `linear.in_features`.

    Example:
        >>> linear_to_conv(nn.Linear(512 * 7 * 7, 4096), (512, 7, 7)).weight.shape
        torch.Size([4096, 512, 7, 7])

    Source: Long, Shelhamer and Darrell (2015), section 3.1.
    """
    channels, height, width = input_shape
    if channels * height * width != linear.in_features:
        raise ValueError(
            f"input_shape {tuple(input_shape)} has {channels * height * width} values, "
            f"but the linear layer takes {linear.in_features}"
        )
    conv = nn.Conv2d(channels, linear.out_features, (height, width), bias=linear.bias is not None)
    conv = conv.to(linear.weight.device, linear.weight.dtype)
    with torch.no_grad():
        conv.weight.copy_(linear.weight.unflatten(1, (channels, height, width)))  # (O, C, H, W)
        if conv.bias is not None:
            conv.bias.copy_(linear.bias)
    for new, old in zip(conv.parameters(), linear.parameters(), strict=True):
        new.requires_grad_(old.requires_grad)
    return conv


def _batched(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    if x.dim() not in (3, 4):
        raise ValueError(f"x must be (C, H, W) or (N, C, H, W); got {tuple(x.shape)}")
    if weight.dim() != 4 or 0 in weight.shape:
        raise ValueError(f"weight must have 4 dimensions, none of them empty; got {tuple(weight.shape)}")
    check_one_type(x=x, weight=weight, **({} if bias is None else {"bias": bias}))
    return x if x.dim() == 4 else x.unsqueeze(0)


def _finish(out: Tensor, bias: Tensor | None, x: Tensor) -> Tensor:
    """Add the bias, and drop the batch dimension again if x came without one."""
    if bias is not None:
        out = out + bias[:, None, None]  # (N, O, H', W')
    return out if x.dim() == 4 else out.squeeze(0)


def _border(
    padding: IntOrPair | str, kernel: Sequence[int], stride: tuple[int, int], dilation: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Zeros to add at the left, right, top and bottom, as `torch.nn.functional.pad` wants them."""
    if padding == "valid":
        return 0, 0, 0, 0
    if not isinstance(padding, str):
        top, left = pair(padding, "padding", 0)
        return left, left, top, top
    if padding != "same":
        raise ValueError(f'padding must be an int or two ints, each at least 0, "valid" or "same"; got {padding!r}')
    if stride != (1, 1):
        raise ValueError(f'padding="same" needs stride 1; got stride {stride}')
    rows, columns = (d * (k - 1) for d, k in zip(dilation, kernel, strict=True))
    # An odd number of zeros cannot be split evenly: torch gives the far border the spare one.
    return columns // 2, columns - columns // 2, rows // 2, rows - rows // 2


def _check_channels(weight: Tensor, got: int, wanted: int, out_channels: int, groups: int, bias: Tensor | None) -> None:
    if groups < 1 or wanted % groups or out_channels % groups:
        raise ValueError(f"groups must divide the channels, {wanted} in and {out_channels} out; got {groups}")
    if got != wanted:
        raise ValueError(
            f"weight {tuple(weight.shape)} with groups={groups} expects {wanted} input channels; x has {got}"
        )
    if bias is not None and bias.shape != (out_channels,):
        raise ValueError(f"bias must be ({out_channels},); got {tuple(bias.shape)}")
