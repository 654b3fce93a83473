"""SegNet: the decoder unpools with the indices that the encoder's poolings wrote down."""

from __future__ import annotations

from torch import Tensor, nn

from seeing.models.layers import check_image, scaled, stage
from seeing.models.vgg import STAGES
from seeing.ops.pooling import max_pool2d_with_indices, max_unpool2d


class SegNet(nn.Module):
    """VGG16's thirteen convolutions, and the same backwards.

    Args:
        num_classes: number of classes K.
        width: multiplies every number of channels; 1 is the paper's model.

    With 12 classes it has 29,449,932 parameters; its encoder's convolutions are VGG16's, 14,714,688.

    Source: Badrinarayanan, Kendall and Cipolla, SegNet: a deep convolutional encoder-decoder architecture for image
        segmentation (2017), section 3. Batch normalisation follows every convolution but the last, as there.
    """

    def __init__(self, num_classes: int = 12, width: float = 1.0) -> None:
        super().__init__()
        encoder = [[scaled(c, width) for c in channels] for channels in STAGES]
        self.encoder, self.decoder = nn.ModuleList(), nn.ModuleList()
        before = 3
        for channels in encoder:
            self.encoder.append(stage(before, channels, batch_norm=True))
            before = channels[-1]
        for channels, after in zip(encoder[::-1], [*encoder[-2::-1], None], strict=True):
            # as many convolutions as the encoder's stage; the last one leads to the channels of the stage before it
            wide = [channels[0]] * (len(channels) - 1)
            self.decoder.append(stage(before, [*wide, after[-1]] if after else wide, batch_norm=True))
            before = after[-1] if after else before
        self.score = nn.Conv2d(before, num_classes, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Class scores of every pixel.

        Args:
            x: (N, 3, H, W), any size from 32 on; odd sizes too, since each unpooling is told the size to restore.

        Returns:
            (N, K, H, W) logits.

        Raises:
            ValueError: if the image is too small for five poolings.
        """
        check_image(x, 3, 32)
        written = []
        for convolutions in self.encoder:
            x = convolutions(x)
            size = x.shape[2:]
            x, indices = max_pool2d_with_indices(x, 2)
            written.append((indices, size))
        for convolutions, (indices, size) in zip(self.decoder, reversed(written), strict=True):
            x = convolutions(max_unpool2d(x, indices, 2, output_size=size))
        return self.score(x)
