"""The pieces that several models share."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn


def scaled(channels: int, width: float) -> int:
    """A paper's number of channels times the width dial, at least 1.

    Raises:
        ValueError: if the width is not positive.
    """
    if not width > 0:
        raise ValueError(f"width must be over 0 (1 is the paper's model); got {width}")
    return max(1, round(channels * width))


def conv_relu(in_channels: int, out_channels: int, *, padding: int = 1, batch_norm: bool = False) -> list[nn.Module]:
    """A 3x3 convolution, batch normalisation if asked for, and a ReLU, as a list to put into a `Sequential`."""
    conv = nn.Conv2d(in_channels, out_channels, 3, padding=padding)
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    assert conv.bias is not None
    nn.init.zeros_(conv.bias)
    return [conv, *([nn.BatchNorm2d(out_channels)] if batch_norm else []), nn.ReLU(inplace=True)]


def stage(
    in_channels: int, out_channels: Sequence[int], *, padding: int = 1, batch_norm: bool = False
) -> nn.Sequential:
    """3x3 convolutions one after the other, each with its ReLU; `padding` is the first one's, the others have 1."""
    layers: list[nn.Module] = []
    for channels in out_channels:
        layers += conv_relu(in_channels, channels, padding=1 if layers else padding, batch_norm=batch_norm)
        in_channels = channels
    return nn.Sequential(*layers)


def check_image(x: Tensor, channels: int, least: int = 1) -> None:
    """Refuse what is not a batch of images that the network can take.

    Raises:
        ValueError: if x is not (N, `channels`, H, W), or H or W is under `least`.
    """
    if x.dim() != 4 or x.shape[1] != channels:
        raise ValueError(f"expected images (N, {channels}, H, W); got {tuple(x.shape)}")
    if min(x.shape[2:]) < least:
        raise ValueError(
            f"the image is {x.shape[2]}x{x.shape[3]}; this network needs at least {least} pixels in each direction"
        )
