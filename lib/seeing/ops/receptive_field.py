"""How much of the input one output of a network sees, and how far apart two neighbours look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from torch import nn

from seeing.ops.window import pair

Layer = Sequence[int]
"""(kernel, stride, padding, dilation) along one axis; what is left out is 1, 0 and 1."""


@dataclass(frozen=True)
class ReceptiveField:
    """Output i sees the input pixels from i stride + offset up to, not including, i stride + offset + size.

    Attributes:
        size: pixels that one output sees.
        stride: pixels between the fields of two neighbours.
        offset: first pixel of output 0's field: minus the padding that adds up on the way.
    """

    size: int
    stride: int
    offset: int

    @property
    def center(self) -> float:
        """The middle of output 0's field, in pixels from the image's edge (the first pixel's centre is .5)."""
        return self.offset + self.size / 2


def receptive_field(layers: nn.Module | Iterable[Layer], axis: int = 0) -> ReceptiveField:
    """The receptive field of a chain of convolutions and poolings.

    Before any layer an output is a pixel: size 1, stride 1, offset 0. A layer with kernel k, dilation d, padding p
    and stride s makes size += d (k - 1) stride, offset -= p stride, stride *= s, in this order.

    Args:
        layers: tuples (kernel, stride, padding, dilation), or a module: a layer or nested `nn.Sequential`s of
            convolutions, poolings, and what works on each pixel alone.
        axis: 0 for the vertical, 1 for the horizontal direction of a module's layers.

    Returns:
        Size, stride and offset. No layers at all give (1, 1, 0).

    Raises:
        ValueError: if a tuple is not one to four ints in range, or a layer sees the whole image (a linear layer, a
            global pooling), has branches, or is unknown.

    Example:
        >>> receptive_field([(3, 1, 1, 1), (3, 1, 1, 1), (2, 2, 0, 1)])  # the first stage of VGG16
        ReceptiveField(size=6, stride=2, offset=-2)

    Source: Araujo et al., Computing receptive fields of convolutional neural networks (2019), sections 2 and 3.
    """
    if axis not in (0, 1):
        raise ValueError(f"axis must be 0 (vertical) or 1 (horizontal); got {axis}")
    chain = _windows(layers, axis) if isinstance(layers, nn.Module) else layers
    size, stride, offset = 1, 1, 0
    for layer in chain:
        kernel, step, padding, dilation = _four(layer)
        size += dilation * (kernel - 1) * stride
        offset -= padding * stride
        stride *= step
    return ReceptiveField(size, stride, offset)


def _four(layer: Layer) -> tuple[int, int, int, int]:
    values = tuple(layer)
    if not 1 <= len(values) <= 4 or not all(isinstance(v, int) for v in values):
        raise ValueError(f"a layer must be (kernel, stride, padding, dilation), one to four ints; got {layer!r}")
    kernel, stride, padding, dilation = values + (1, 1, 0, 1)[len(values) :]
    if min(kernel, stride, dilation) < 1 or padding < 0:
        raise ValueError(
            "kernel, stride and dilation must be at least 1 and padding at least 0; "
            f"got {(kernel, stride, padding, dilation)}"
        )
    return kernel, stride, padding, dilation


def _windows(module: nn.Module, axis: int) -> Iterator[Layer]:
    """The window of every layer that has one, first layer first."""
    if isinstance(module, nn.Sequential):
        for child in module:
            yield from _windows(child, axis)
    elif isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        dilation = getattr(module, "dilation", 1)
        kernel, stride, spread = (pair(v, "", 1)[axis] for v in (module.kernel_size, module.stride, dilation))
        yield kernel, stride, _leading_padding(module.padding, kernel, spread, axis), spread
    elif not isinstance(module, _PIXELWISE):
        raise ValueError(
            f"a receptive field needs convolutions, poolings and layers that treat each pixel alone, in nn.Sequential; "
            f"got {type(module).__name__}"
        )


def _leading_padding(padding: str | int | tuple[int, ...], kernel: int, dilation: int, axis: int) -> int:
    """Pixels added above or on the left; "valid" adds none, "same" puts the odd one at the other end."""
    if isinstance(padding, str):
        return dilation * (kernel - 1) // 2 if padding == "same" else 0
    return pair(padding, "padding", 0)[axis]


_PIXELWISE = (
    nn.Identity,
    nn.Dropout,
    nn.Dropout2d,
    nn.AlphaDropout,
    nn.FeatureAlphaDropout,
    nn.BatchNorm2d,
    nn.SyncBatchNorm,
    nn.LocalResponseNorm,
    nn.ReLU,
    nn.ReLU6,
    nn.LeakyReLU,
    nn.PReLU,
    nn.RReLU,
    nn.ELU,
    nn.SELU,
    nn.CELU,
    nn.GELU,
    nn.SiLU,
    nn.Mish,
    nn.Sigmoid,
    nn.LogSigmoid,
    nn.Tanh,
    nn.Softplus,
    nn.Softsign,
    nn.Hardtanh,
    nn.Hardsigmoid,
    nn.Hardswish,
    nn.Threshold,
    nn.Softmax2d,
)
"""Layers whose output at a pixel comes from that pixel alone. Any other is refused: a guess would be a wrong number."""
