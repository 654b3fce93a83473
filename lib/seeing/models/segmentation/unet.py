"""U-Net: each step down leaves a copy of its features for the step up on the same level."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seeing.models.layers import check_image, conv_relu, scaled

CHANNELS = (64, 128, 256, 512, 1024)


class UNet(nn.Module):
    """Encoder and decoder with concatenated skip connections.

    Args:
        in_channels: of the image.
        num_classes: number of classes K.
        width: multiplies every number of channels; 1 is the paper's model.
        padded: **a deviation from the paper** if True: 3x3 convolutions keep the size, so that every pixel gets
            a score. The paper pads nothing and loses a border of 92 pixels.
        skips: whether the decoder sees the encoder's features; without, the network is a plain encoder-decoder.
        depth: number of halvings, 1 to 4; the paper's 4.
        batch_norm: normalise after each 3x3 convolution (not in the paper; helps a short training).

    With 1 channel, 2 classes and the other defaults it has 31,030,658 parameters in 23 convolutions.

    Example:
        >>> UNet(width=0.125).output_size(572)  # the paper's image and the paper's answer
        388
        >>> UNet(3, 5, width=0.125, padded=True)(torch.zeros(1, 3, 32, 32)).shape
        torch.Size([1, 5, 32, 32])

    Source: Ronneberger, Fischer and Brox, U-Net: convolutional networks for biomedical image segmentation (2015),
        section 2 and figure 1.
    """

    def __init__(
        self,
        in_channels: int = 1,
        num_classes: int = 2,
        width: float = 1.0,
        *,
        padded: bool = False,
        skips: bool = True,
        depth: int = 4,
        batch_norm: bool = False,
    ) -> None:
        super().__init__()
        if not 1 <= depth < len(CHANNELS):
            raise ValueError(f"depth must be 1 to {len(CHANNELS) - 1} halvings; got {depth}")
        channels = [scaled(c, width) for c in CHANNELS[: depth + 1]]

        def pair(first: int, out: int) -> nn.Sequential:
            layer = partial(conv_relu, padding=int(padded), batch_norm=batch_norm)
            return nn.Sequential(*layer(first, out), *layer(out, out))

        self.down = nn.ModuleList(pair(a, b) for a, b in zip([in_channels, *channels], channels, strict=False))
        upward = channels[::-1]
        self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, stride=2) for a, b in pairwise(upward))
        self.merge = nn.ModuleList(pair(2 * c if skips else c, c) for c in upward[1:])
        self.score = nn.Conv2d(channels[0], num_classes, 1)
        self.in_channels, self.padded, self.skips, self.depth = in_channels, padded, skips, depth

    def forward(self, x: Tensor) -> Tensor:
        """Class scores of every pixel that the network can answer for.

        Args:
            x: (N, in_channels, H, W). Padded: H and W multiples of 2^depth. Unpadded: sizes at which every pooling
                meets an even number; see `output_size`.

        Returns:
            (N, K, H', W') logits: H' = H when padded, else `output_size(H)`, the scores of the central H' x W' pixels.

        Raises:
            ValueError: if the network cannot take this size; the message names the nearest that it can.
        """
        check_image(x, self.in_channels)
        for size in x.shape[2:]:
            self.output_size(size)
        levels = []
        for level, convolutions in enumerate(self.down):
            x = convolutions(x if level == 0 else F.max_pool2d(x, 2))
            levels.append(x)  # padded: (N, 2^l C, H / 2^l, W / 2^l)
        for up, merge, beside in zip(self.up, self.merge, levels[-2::-1], strict=True):
            x = up(x)  # (N, C / 2, 2 H, 2 W)
            if self.skips:
                x = torch.cat([centre_crop(beside, x.shape[2:]), x], 1)
            x = merge(x)
        return self.score(x)  # (N, K, H', W')

    def output_size(self, size: int) -> int:
        """How many pixels along one axis get a score, from how many pixels of input.

        Raises:
            ValueError: if the network cannot take this size.
        """
        result = self._output_size(size)
        if result is not None:
            return result
        step = 2**self.depth
        least = next(n for n in range(1, 1000) if self._output_size(n))
        above = next(n for n in range(max(size, least), max(size, least) + step + 1) if self._output_size(n))
        nearest = f"{above - step} and {above}" if above - step >= least else f"{above}"
        extra = f"{least % step} more than " if least % step else ""
        raise ValueError(
            f"this U-Net cannot take {size} pixels along one axis, since each of its {self.depth} poolings must meet "
            f"an even number: it takes {extra}a multiple of {step}, from {least} on. Nearest: {nearest}"
        )

    def _output_size(self, size: int) -> int | None:
        lost = 0 if self.padded else 4  # by two 3x3 convolutions
        for _ in range(self.depth):
            size -= lost
            if size < 2 or size % 2:
                return None
            size //= 2
        size -= lost
        for _ in range(self.depth):
            size = 2 * size - lost
        return size if size > 0 else None


def centre_crop(x: Tensor, size: torch.Size | tuple[int, int]) -> Tensor:
    """The middle of a map; where the border is odd, the spare row or column goes from the far side.

    Args:
        x: (..., H, W).
        size: (H', W'), at most (H, W).

    Raises:
        ValueError: if the map is smaller than that.
    """
    if any(have < want for have, want in zip(x.shape[-2:], size, strict=True)):
        raise ValueError(f"cannot crop {tuple(x.shape[-2:])} to {tuple(size)}: it is smaller")
    have, want = x.shape[-2:], size
    top, left = (have[0] - want[0]) // 2, (have[1] - want[1]) // 2
    return x[..., top : top + size[0], left : left + size[1]]  # (..., H', W')
