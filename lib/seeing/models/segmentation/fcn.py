"""FCN-32s, FCN-16s and FCN-8s: VGG16 made fully convolutional, its scores enlarged and refined by earlier stages."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seeing.models.backbones.vgg import HIDDEN, STAGES, VGG16
from seeing.models.layers import check_image, scaled, stage
from seeing.ops.convolution import bilinear_kernel, linear_to_conv


class FCN(nn.Module):
    """Fully convolutional network on a VGG16.

    Scores for every 32nd pixel are enlarged by a transposed convolution that starts as bilinear interpolation. FCN-16s
    and FCN-8s enlarge by 2 at a time, and add scores from stage 4, then from stage 3, on the way.

    Args:
        num_classes: number of classes K.
        stride: 32, 16 or 8: the step of the finest scores that are used.
        width: multiplies every number of channels; 1 is the paper's model.
        padding: zeros around the image before the first convolution. The paper's 100 lets fc6 fit anywhere.
        context: side of fc6's kernel; the paper's 7 is what VGG16's first linear layer sees.
        skips: whether scores of stages 4 and 3 are added. Without, the enlarging alone remains, for the comparison.
        batch_norm: normalise after each 3x3 convolution, for training from scratch (the paper starts from VGG16).
        dropout: in fc6 and fc7.

    With 21 classes and stride 8 it has 134,489,759 parameters. All transposed convolutions learn (the paper fixes the
    last one to bilinear) and mix classes, as in the authors' published model files.

    Two maps may be added only where they speak of the same pixels. Each number of a map stands for a cell of `step`
    pixels. Count them from where the stages' maps begin: all at 0, as a pooling joins cells from there on. The image
    begins at padding - 1, as the first convolution takes 1 of the padding. fc6, without padding of its own, begins
    (context - 1) / 2 cells later, and a transposed convolution, which spreads a cell over two, half a cell earlier:

        scores, one every s pixels               |   0   |   1   |
        enlarged by 2                        | 0 | 1 | 2 | 3 | 4 | 5 |      begins s / 2 earlier

    5, 9 and 31, the crops in the authors' files, follow from their padding of 100 and fc6's 7x7:

        scores of fc6     6 / 2 * 32  = 96     step 32
        doubled           96 - 32 / 2 = 80     step 16: begins over cell 80 / 16 = 5 of stage 4
        doubled again     80 - 16 / 2 = 72     step  8: begins over cell 72 / 8 = 9 of stage 3
        enlarged by 8     72 - 8 / 2  = 68     step  1: the image begins at 99, its number 99 - 68 = 31

    The middle of a map's first cell lies over the image's pixel begin - (padding - 1) + (step - 1) / 2.

    Example:
        >>> FCN(num_classes=5, stride=8, width=0.125)(torch.zeros(1, 3, 40, 50)).shape  # any size
        torch.Size([1, 5, 40, 50])

    Source: Long, Shelhamer and Darrell, Fully convolutional networks for semantic segmentation (2015), section 4 and
        figure 3.
    """

    def __init__(
        self,
        num_classes: int = 21,
        stride: int = 8,
        width: float = 1.0,
        *,
        padding: int = 100,
        context: int = 7,
        skips: bool = True,
        batch_norm: bool = False,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        if stride not in (8, 16, 32):
            raise ValueError(f"stride must be 8, 16 or 32, as in FCN-8s, FCN-16s and FCN-32s; got {stride}")
        least = max(1, 16 * (context - 1) - 16 + 1)  # FCN-32s' enlarged map must not begin inside the image
        if context < 1 or padding < least:
            raise ValueError(
                f"context must be at least 1, and padding at least {least} so that scores for the border can be "
                f"computed with context {context}; got padding {padding}"
            )
        self.stages = nn.ModuleList()
        channels = 3
        sides: list[int] = []
        for paper_channels in STAGES:
            outs = [scaled(c, width) for c in paper_channels]
            convolutions = stage(channels, outs, padding=1 if sides else padding, batch_norm=batch_norm)
            # the last window may stick out, as in the authors' framework
            self.stages.append(nn.Sequential(*convolutions, nn.MaxPool2d(2, ceil_mode=True)))
            channels = outs[-1]
            sides.append(channels)
        hidden = scaled(HIDDEN, width)
        self.head = nn.Sequential(
            nn.Conv2d(channels, hidden, context),  # fc6
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Conv2d(hidden, hidden, 1),  # fc7
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
        )
        self.score = _scorer(hidden, num_classes)
        steps = {32: [], 16: [sides[3]], 8: [sides[3], sides[2]]}[stride]
        self.side_scores = nn.ModuleList(_scorer(side, num_classes) if skips else nn.Identity() for side in steps)
        self.doublings = nn.ModuleList(_enlarger(num_classes, 2) for _ in steps)
        self.enlarge = _enlarger(num_classes, stride)
        self.skips = skips
        self.padding, self.context, self.stride = padding, context, stride

    def forward(self, x: Tensor) -> Tensor:
        """Class scores of every pixel.

        Args:
            x: (N, 3, H, W), any H and W that the padding and fc6's kernel leave room for.

        Returns:
            (N, K, H, W) logits.

        Raises:
            ValueError: if the image is too small.
        """
        check_image(x, 3)
        maps, y = [], x
        for convolutions in self.stages:
            y = convolutions(y)
            maps.append(y)
        if min(y.shape[2:]) < self.context:
            raise ValueError(
                f"an image of {x.shape[2]}x{x.shape[3]} leaves "
                f"{y.shape[2]}x{y.shape[3]} features, fewer than fc6's "
                f"{self.context}x{self.context}: use a larger image, "
                "a larger padding or a smaller context"
            )
        y = self.score(self.head(y))  # (N, K, h, w)
        # Of y's cells, in pixels from where the maps of all stages begin.
        begin, step = 16 * (self.context - 1), 32
        sides = zip(self.side_scores, self.doublings, strict=False)
        for side, (score, double) in zip((maps[3], maps[2]), sides, strict=False):
            y = double(y)  # (N, K, 2h + 2, 2w + 2)
            begin, step = begin - step // 2, step // 2
            if self.skips:
                y = _sum_where_both_are(y, score(side), begin // step)
                begin = max(begin, 0)
        y = self.enlarge(y)  # (N, K, (h + 1) step, (w + 1) step)
        # From the enlarged map's beginning to the image's.
        start = (self.padding - 1) - (begin - step // 2)
        return y[:, :, start : start + x.shape[2], start : start + x.shape[3]]

    def take_classifier(self, classifier: VGG16) -> None:
        """Start from a trained classifier: its convolutions and, where fc6 sees as much as they did, its linear layers.

        Args:
            classifier: of the same width and with the same normalisation.

        Raises:
            ValueError: if the shapes differ.
        """
        own = [layer for layer in self.stages.modules() if list(layer.parameters(recurse=False))]
        others = [layer for layer in classifier.features if list(layer.parameters())]
        pairs = list(zip(own, others, strict=False))
        if self.context == 7:
            linear = [layer for layer in classifier.classifier if isinstance(layer, nn.Linear)]
            pairs += [
                (self.head[0], linear_to_conv(linear[0], (linear[0].in_features // 49, 7, 7))),
                (self.head[3], linear_to_conv(linear[1], (linear[1].in_features, 1, 1))),
            ]
        shapes = [[tuple(p.shape) for p in layer.parameters()] for pair in pairs for layer in pair]
        if len(own) != len(others) or shapes[::2] != shapes[1::2]:
            raise ValueError("the classifier's layers differ from this network's: were both built with the same width?")
        for layer, trained in pairs:
            layer.load_state_dict(trained.state_dict())


def _sum_where_both_are(y: Tensor, side: Tensor, shift: int) -> Tensor:
    """y + side, where y[0] lies over side[shift] along both axes; what only one of them covers is cut off."""
    y, side = y[:, :, max(0, -shift) :, max(0, -shift) :], side[:, :, max(0, shift) :, max(0, shift) :]
    height, width = (min(a, b) for a, b in zip(y.shape[2:], side.shape[2:], strict=True))
    return y[:, :, :height, :width] + side[:, :, :height, :width]


def _scorer(channels: int, num_classes: int) -> nn.Conv2d:
    """A 1x1 convolution that starts at zero: in the beginning every class is as likely as any other."""
    conv = nn.Conv2d(channels, num_classes, 1)
    nn.init.zeros_(conv.weight)
    assert conv.bias is not None
    nn.init.zeros_(conv.bias)
    return conv


def _enlarger(num_classes: int, factor: int) -> nn.ConvTranspose2d:
    """A transposed convolution that starts as bilinear interpolation, each class for itself."""
    conv = nn.ConvTranspose2d(num_classes, num_classes, 2 * factor, stride=factor, bias=False)
    with torch.no_grad():
        conv.weight.zero_()
        conv.weight[range(num_classes), range(num_classes)] = bilinear_kernel(factor)[0, 0]
    return conv
