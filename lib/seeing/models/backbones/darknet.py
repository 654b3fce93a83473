"""YOLO's trunk: 24 convolutions that shrink 448 pixels to 7 cells, 1x1 ones between the 3x3 ones to keep them cheap."""

from __future__ import annotations

from torch import Tensor, nn

from seeing.models.layers import check_image, scaled

STAGES = (
    ((7, 64, 2),),
    ((3, 192, 1),),
    ((1, 128, 1), (3, 256, 1), (1, 256, 1), (3, 512, 1)),
    (*(((1, 256, 1), (3, 512, 1)) * 4), (1, 512, 1), (3, 1024, 1)),
    (*(((1, 512, 1), (3, 1024, 1)) * 2), (3, 1024, 1)),
    ((3, 1024, 2), (3, 1024, 1), (3, 1024, 1)),
)
"""(kernel, channels, stride) of each convolution; a 2x2 max pooling stands behind each of the first four stages."""
POOLED = 4
SLOPE = 0.1


class DarknetTrunk(nn.Module):
    """The convolutions of the first YOLO, giving the map of every stage.

    Args:
        width: multiplies every number of channels; 1 is the paper's.
        num_stages: 1 to 6, how many of the stages there are; 3 are enough to make 8 cells of 64 pixels.
        batch_norm: normalise after each convolution. The network of the paper has none, its later versions do.

    Attributes:
        channels: of the maps, (64, 192, 512, 1024, 1024, 1024) times the width, the first `num_stages` of them.
        strides: of the maps, (2, 4, 8, 16, 32, 64); a map is what a stage gives before its pooling.

    Source: Redmon et al., You only look once (2016), figure 3; layers as in the authors' yolo.cfg of November 2015.
    """

    def __init__(self, width: float = 1.0, num_stages: int = 6, *, batch_norm: bool = False) -> None:
        super().__init__()
        if not 1 <= num_stages <= len(STAGES):
            raise ValueError(f"num_stages must be 1 to {len(STAGES)}; got {num_stages}")
        before, stages = 3, []
        for convs in STAGES[:num_stages]:
            layers: list[nn.Module] = []
            for kernel, channels, stride in convs:
                out = scaled(channels, width)
                layers += conv_leaky(before, out, kernel, stride, batch_norm=batch_norm)
                before = out
            stages.append(nn.Sequential(*layers))
        self.stages = nn.ModuleList(stages)
        self.pool = nn.MaxPool2d(2)
        self.channels = tuple(scaled(convs[-1][1], width) for convs in STAGES[:num_stages])
        self.strides = (2, 4, 8, 16, 32, 64)[:num_stages]

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """The maps of all stages.

        Args:
            x: (N, 3, H, W), H and W at least the last stride.

        Returns:
            A map for each of `channels` and `strides`: (N, channels, H / stride, W / stride).

        Raises:
            ValueError: if an image is too small.
        """
        check_image(x, 3, self.strides[-1])
        maps = []
        for number, stage in enumerate(self.stages):
            x = stage(self.pool(x) if 0 < number <= POOLED else x)
            maps.append(x)  # (N, channels, H / stride, W / stride)
        return tuple(maps)


def conv_leaky(
    in_channels: int, out_channels: int, kernel: int, stride: int = 1, *, batch_norm: bool = False
) -> list[nn.Module]:
    """A convolution that keeps the size but for its stride, batch normalisation if asked for, and a leaky ReLU."""
    conv = nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, bias=not batch_norm)
    nn.init.normal_(conv.weight, std=(2 / (in_channels * kernel**2)) ** 0.5)
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
    return [conv, *([nn.BatchNorm2d(out_channels)] if batch_norm else []), nn.LeakyReLU(SLOPE, inplace=True)]
