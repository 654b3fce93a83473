"""VGG16: thirteen 3x3 convolutions in five stages, then three linear layers; and its stages alone, as a trunk."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seeing.models.layers import check_image, scaled, stage

STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
HIDDEN = 4096


class VGG16(nn.Module):
    """The classifier that the first segmentation networks were made from.

    The parameters have torchvision's names: a state of `torchvision.models.vgg16` loads at width 1.

    Args:
        num_classes: number of outputs.
        width: multiplies every number of channels; 1 is the paper's model with 138,357,544 parameters.
        batch_norm: normalise after each convolution. The paper has none; without pretrained weights it trains badly.
        dropout: in the two hidden linear layers.

    Example:
        >>> with torch.device("meta"):  # shapes alone, no memory
        ...     network = VGG16()
        >>> sum(parameter.numel() for parameter in network.parameters())
        138357544

    Source: Simonyan and Zisserman, Very deep convolutional networks for large-scale image recognition (2015),
        table 1, column D.
    """

    def __init__(
        self, num_classes: int = 1000, width: float = 1.0, *, batch_norm: bool = False, dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(*_features(width, batch_norm=batch_norm))
        channels, hidden = scaled(STAGES[-1][-1], width), scaled(HIDDEN, width)
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(channels * 49, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_classes),
        )
        for layer in self.classifier:
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=0.01)
                nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Class scores.

        Args:
            x: (N, 3, H, W), H and W at least 32; 224 is the paper's.

        Returns:
            (N, num_classes) logits.

        Raises:
            ValueError: if an image is too small.
        """
        check_image(x, 3, 32)
        x = self.features(x)  # (N, 512 width, H / 32, W / 32)
        x = torch.flatten(self.avgpool(x), 1)  # (N, 49 * 512 width)
        return self.classifier(x)  # (N, num_classes)


class VGG16Trunk(nn.Module):
    """VGG16's thirteen convolutions, giving the map of every stage: SSD begins at the fourth, Fast R-CNN at the fifth.

    Args:
        width: multiplies every number of channels; 1 is the paper's.
        batch_norm: normalise after each convolution.

    Attributes:
        channels: of the five maps, (64, 128, 256, 512, 512) times the width.
        strides: of the five maps, (1, 2, 4, 8, 16); a map is what a stage gives before its pooling.

    The parameters are named as in `VGG16`, so `trunk.features` takes the state of a classifier's `features`.

    Source: as `VGG16`.
    """

    def __init__(self, width: float = 1.0, *, batch_norm: bool = False) -> None:
        super().__init__()
        self.channels = tuple(scaled(channels[-1], width) for channels in STAGES)
        self.strides = (1, 2, 4, 8, 16)
        # The last pooling has no map behind it.
        self.features = nn.Sequential(*_features(width, batch_norm=batch_norm)[:-1])

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """The maps of all five stages.

        Args:
            x: (N, 3, H, W), H and W at least 16.

        Returns:
            A map for each of `channels` and `strides`: (N, channels, H / stride, W / stride), rounded down.

        Raises:
            ValueError: if an image is too small.
        """
        check_image(x, 3, 16)
        maps = []
        for layer in self.features:
            if isinstance(layer, nn.MaxPool2d):
                maps.append(x)  # (N, channels, H / stride, W / stride)
            x = layer(x)
        return (*maps, x)


def _features(width: float, *, batch_norm: bool) -> list[nn.Module]:
    """Five stages of convolutions, each with the pooling behind it, in one row as torchvision has them."""
    layers: list[nn.Module] = []
    before = 3
    for paper_channels in STAGES:
        channels = [scaled(c, width) for c in paper_channels]
        layers += [*stage(before, channels, batch_norm=batch_norm), nn.MaxPool2d(2)]
        before = channels[-1]
    return layers
