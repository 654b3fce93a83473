"""Slow loops that say what an op means, one pixel at a time: the oracles of the tests. Nothing here is clever."""

import itertools

import torch
from torch import Tensor


def max_pool2d(x: Tensor, kernel: int, stride: int) -> tuple[Tensor, Tensor]:
    """Maxima and flat indices of one (H, W) plane, no padding; the first of equal maxima wins."""
    rows, columns = ((n - kernel) // stride + 1 for n in x.shape)
    maxima, indices = torch.empty(rows, columns, dtype=x.dtype), torch.empty(rows, columns, dtype=torch.int64)
    for i, j in itertools.product(range(rows), range(columns)):
        pixels = itertools.product(range(i * stride, i * stride + kernel), range(j * stride, j * stride + kernel))
        r, c = max(pixels, key=lambda pixel: x[pixel].item())
        maxima[i, j], indices[i, j] = x[r, c], r * x.shape[1] + c
    return maxima, indices


def max_unpool2d(y: Tensor, indices: Tensor, size: tuple[int, int]) -> Tensor:
    """One (H', W') plane back into an (H, W) plane; contributions to the same pixel add up."""
    out = torch.zeros(size, dtype=y.dtype)
    for value, index in zip(y.flatten(), indices.flatten().tolist(), strict=True):
        out[index // size[1], index % size[1]] += value
    return out


def conv2d(x: Tensor, weight: Tensor, stride: int = 1) -> Tensor:
    """One (H, W) plane and one (kH, kW) kernel, no padding."""
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape, weight.shape, strict=True))
    out = torch.zeros(rows, columns, dtype=x.dtype)
    for i, j, a, b in itertools.product(range(rows), range(columns), *map(range, weight.shape)):
        out[i, j] += x[i * stride + a, j * stride + b] * weight[a, b]
    return out


def conv_transpose2d(x: Tensor, weight: Tensor, stride: int = 1) -> Tensor:
    """One (H, W) plane and one (kH, kW) kernel: every pixel adds its stamp."""
    out = torch.zeros([(n - 1) * stride + k for n, k in zip(x.shape, weight.shape, strict=True)], dtype=x.dtype)
    for i, j, a, b in itertools.product(*map(range, x.shape), *map(range, weight.shape)):
        out[i * stride + a, j * stride + b] += x[i, j] * weight[a, b]
    return out
