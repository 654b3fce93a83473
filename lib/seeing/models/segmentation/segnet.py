"""SegNet: the decoder unpools with the indices that the encoder's poolings wrote down."""

from __future__ import annotations

from torch import Tensor, nn

from seeing.models.backbones.vgg import STAGES
from seeing.models.layers import check_image, scaled, stage
from seeing.models.segmentation.unpooling import encoder, pool_and_note, unpool_with_notes


class SegNet(nn.Module):
    """VGG16's thirteen convolutions, and the same backwards.

    Args:
        num_classes: number of classes K.
        width: multiplies every number of channels; 1 is the paper's model.

    With 12 classes it has 29,449,932 parameters; its encoder's convolutions are VGG16's, 14,714,688.

    Example:
        >>> SegNet(num_classes=5, width=0.125).eval()(torch.zeros(1, 3, 64, 64)).shape
        torch.Size([1, 5, 64, 64])

    Source: Badrinarayanan, Kendall and Cipolla, SegNet: a deep convolutional encoder-decoder architecture for image
        segmentation (2017), section 3. Batch normalisation follows every convolution but the last, as there.
    """

    def __init__(self, num_classes: int = 12, width: float = 1.0) -> None:
        super().__init__()
        channels = [[scaled(c, width) for c in stage_channels] for stage_channels in STAGES]
        self.encoder, self.decoder = encoder(channels), nn.ModuleList()
        before = channels[-1][-1]
        for own, after in zip(channels[::-1], [*channels[-2::-1], None], strict=True):
            # as many convolutions as the encoder's stage; the last one leads to the channels of the stage before it
            wide = [own[0]] * (len(own) - 1)
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
        x, notes = pool_and_note(self.encoder, x)  # (N, 512 width, H / 32, W / 32)
        return self.score(unpool_with_notes(self.decoder, x, notes))  # (N, K, H, W)
