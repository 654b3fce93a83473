"""SSD's trunk: VGG16 to its fifth stage, its linear layers made convolutions with holes, and stages that shrink on."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn, ones

from seeing.models.backbones.vgg import STAGES
from seeing.models.layers import check_image, scaled, stage

FC_CHANNELS = 1024
EXTRA = ((256, 512, 2), (128, 256, 2), (128, 256, 1), (128, 256, 1))
"""(channels of the 1x1, channels of the 3x3, stride): a stride of 1 goes without padding, from 5 cells to 3 to 1."""
NORM = 20.0
"""The length that a vector of the first map starts with."""


class SSDTrunk(nn.Module):
    """From images to the maps on which SSD looks for objects, each about half as large as the one before.

    The parameters have the names of torchvision's `ssd300_vgg16().backbone`.

    Args:
        width: multiplies every number of channels; 1 is the paper's.
        num_maps: 2 to 6; the paper's SSD300 has 6.
        batch_norm: normalise after each convolution. The paper has none; without pretrained weights it trains badly.

    Attributes:
        channels: of the maps: (512, 1024, 512, 256, 256, 256) times the width, the first `num_maps` of them.
        strides: of the maps: (8, 16, 32, 64, 100, 300). The last two are pixels from cell to cell at a side of 300
            only: those maps are made without padding.

    Source: Liu et al., SSD (2016), figure 2 and section 3; the length of the first map: Liu, Rabinovich and Berg,
        ParseNet (2015).
    """

    def __init__(self, width: float = 1.0, num_maps: int = 6, *, batch_norm: bool = False) -> None:
        super().__init__()
        if not 2 <= num_maps <= 6:
            raise ValueError(f"num_maps must be 2 to 6; got {num_maps}")
        first, second, third, fourth, fifth = ([scaled(c, width) for c in channels] for channels in STAGES)
        norm = {"batch_norm": batch_norm}
        pools = [nn.MaxPool2d(2), nn.MaxPool2d(2), nn.MaxPool2d(2, ceil_mode=True)]  # 75 cells become 38
        layers: list[nn.Module] = []
        before = 3
        for channels, pool in zip((first, second, third), pools, strict=True):
            layers += [*stage(before, channels, **norm), pool]
            before = channels[-1]
        self.features = nn.Sequential(*layers, *stage(before, fourth, **norm))
        self.scale_weight = nn.Parameter(ones(fourth[-1]) * NORM)
        wide = scaled(FC_CHANNELS, width)
        fc6 = nn.Conv2d(fifth[-1], wide, 3, padding=6, dilation=6)
        head = [nn.MaxPool2d(3, 1, 1), *_activated(fc6, batch_norm), *_activated(nn.Conv2d(wide, wide, 1), batch_norm)]
        blocks = [nn.Sequential(nn.MaxPool2d(2), *stage(fourth[-1], fifth, **norm), nn.Sequential(*head))]
        channels = [fourth[-1], wide]
        for narrow, out, stride in EXTRA[: num_maps - 2]:
            one = nn.Conv2d(channels[-1], scaled(narrow, width), 1)
            three = nn.Conv2d(scaled(narrow, width), scaled(out, width), 3, stride, padding=stride - 1)
            blocks.append(nn.Sequential(*_activated(one, batch_norm), *_activated(three, batch_norm)))
            channels.append(scaled(out, width))
        self.extra = nn.ModuleList(blocks)
        self.channels = tuple(channels)
        self.strides = (8, 16, 32, 64, 100, 300)[:num_maps]
        for block in self.extra.modules():
            if isinstance(block, nn.Conv2d):
                nn.init.xavier_uniform_(block.weight)
                nn.init.zeros_(block.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """The maps of all levels.

        Args:
            x: (N, 3, H, W), H and W at least 16, 32, 64, 140 or 268 for 2 to 6 maps.

        Returns:
            A map for each of `channels`: 38, 19, 10, 5, 3 and 1 cells a side for 300 pixels. At each cell of the first
            one the vector of channels is as long as `scale_weight` says, since its values are larger than the others'.

        Raises:
            ValueError: if an image is too small.
        """
        check_image(x, 3, least_side(len(self.channels)))
        x = self.features(x)  # (N, 512 width, H / 8, W / 8)
        maps = [F.normalize(x) * self.scale_weight.view(1, -1, 1, 1)]
        for block in self.extra:
            x = block(x)
            maps.append(x)
        return tuple(maps)


def least_side(num_maps: int) -> int:
    """The smallest side of an image: the last map's stride, or what two 3x3 windows without padding need."""
    return {2: 16, 3: 32, 4: 64, 5: 140, 6: 268}[num_maps]


def _activated(conv: nn.Conv2d, batch_norm: bool) -> list[nn.Module]:
    return [conv, *([nn.BatchNorm2d(conv.out_channels)] if batch_norm else []), nn.ReLU(inplace=True)]
