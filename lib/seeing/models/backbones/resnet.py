"""ResNet-50's trunk: bottleneck blocks around an identity, with strides that dilation can replace."""

from __future__ import annotations

from torch import Tensor, nn

from seeing.models.layers import scaled

BLOCKS = (3, 4, 6, 3)
CHANNELS = (64, 128, 256, 512)
EXPANSION = 4


class Bottleneck(nn.Module):
    """1x1 to fewer channels, 3x3, 1x1 to four times as many; what comes out is added to what came in.

    Args:
        in_channels: of the input.
        channels: of the 3x3 convolution; 4 times as many come out.
        stride: of the 3x3 convolution (the original has it at the first 1x1).
        dilation: of the 3x3 convolution.
        project: whether the identity is a strided 1x1 convolution, where size or channels change.

    Source: He, Zhang, Ren and Sun, Deep residual learning for image recognition (2016), figure 5 right.
    """

    def __init__(self, in_channels: int, channels: int, *, stride: int, dilation: int, project: bool) -> None:
        super().__init__()
        out = channels * EXPANSION
        self.conv1 = nn.Conv2d(in_channels, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, dilation, dilation, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if project:
            self.downsample = nn.Sequential(nn.Conv2d(in_channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, in_channels, H, W) to (N, 4 channels, ceil(H / stride), ceil(W / stride))."""
        identity = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))  # (N, channels, H, W)
        y = self.relu(self.bn2(self.conv2(y)))  # (N, channels, H / stride, W / stride)
        return self.relu(self.bn3(self.conv3(y)) + identity)  # (N, 4 channels, H / stride, W / stride)


class ResNet50Trunk(nn.Module):
    """ResNet-50 without its pooling and its linear layer; parameters named as in torchvision.

    Args:
        width: multiplies every number of channels; 1 is the paper's model.
        stride: of the last map, 32, 16 or 8. Under 32 the last one or two stages keep the size, and their 3x3
            convolutions are dilated instead, so that they see as far as before.

    Attributes:
        channels: of the four maps, (256, 512, 1024, 2048) times the width.
        strides: of the four maps: (4, 8, 16, 32), or at most `stride`.

    Source: He et al. (2016), table 1; Yu and Koltun, Multi-scale context aggregation by dilated convolutions (2016).
    """

    layer1: nn.Sequential
    layer2: nn.Sequential
    layer3: nn.Sequential
    layer4: nn.Sequential

    def __init__(self, width: float = 1.0, stride: int = 32) -> None:
        super().__init__()
        if stride not in (8, 16, 32):
            raise ValueError(f"stride must be 8, 16 or 32; got {stride}")
        first = scaled(CHANNELS[0], width)
        self.conv1 = nn.Conv2d(3, first, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.channels = tuple(scaled(channels, width) * EXPANSION for channels in CHANNELS)
        self.strides = tuple(min(step, stride) for step in (4, 8, 16, 32))
        before, reached, dilation = first, 4, 1
        for number, (count, channels) in enumerate(zip(BLOCKS, CHANNELS, strict=True), 1):
            step = 1 if number == 1 else 2
            # The first block of a stage that keeps its size still has the old dilation, as in torchvision.
            old, (step, dilation) = dilation, (step, dilation) if reached * step <= stride else (1, dilation * step)
            reached *= step
            inside = scaled(channels, width)
            blocks = [Bottleneck(before, inside, stride=step, dilation=old, project=True)]
            before = inside * EXPANSION
            blocks += [Bottleneck(before, inside, stride=1, dilation=dilation, project=False) for _ in range(count - 1)]
            self.add_module(f"layer{number}", nn.Sequential(*blocks))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """The maps of all four stages.

        Args:
            x: (N, 3, H, W).

        Returns:
            A map for each of `channels` and `strides`: (N, channels, H / stride, W / stride), rounded up.
        """
        x = self.relu(self.bn1(self.conv1(x)))  # (N, 64 width, H / 2, W / 2)
        x = self.maxpool(x)  # (N, 64 width, H / 4, W / 4)
        maps = []
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
            maps.append(x)  # (N, channels, H / stride, W / stride)
        return tuple(maps)
