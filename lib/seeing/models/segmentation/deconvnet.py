"""DeconvNet: VGG16 down to a single vector, and the mirror image of VGG16 back up."""

from __future__ import annotations

from torch import Tensor, nn

from seeing.models.backbones.vgg import HIDDEN, STAGES
from seeing.models.layers import check_image, scaled
from seeing.models.segmentation.unpooling import encoder, pool_and_note, unpool_with_notes


class DeconvNet(nn.Module):
    """Encoder with two fully connected layers in the middle; decoder of unpooling and transposed convolutions.

    Args:
        num_classes: number of classes K.
        width: multiplies every number of channels; 1 is the paper's model.
        context: side of the feature map that fc6 sees whole: 7 for the paper's 224x224 images, 2 for 64x64.

    With 21 classes it has about 251.8 million parameters.

    Example:
        >>> DeconvNet(num_classes=5, width=0.125, context=2).eval()(torch.zeros(1, 3, 64, 64)).shape
        torch.Size([1, 5, 64, 64])

    Source: Noh, Hong and Han, Learning deconvolution network for semantic segmentation (2015), section 3 and
        figure 2. Batch normalisation follows every layer but the last, as in section 3.3.1.
    """

    def __init__(self, num_classes: int = 21, width: float = 1.0, *, context: int = 7) -> None:
        super().__init__()
        if context < 1:
            raise ValueError(f"context must be at least 1; got {context}")
        channels = [[scaled(c, width) for c in stage] for stage in STAGES]
        hidden, last = scaled(HIDDEN, width), channels[-1][-1]
        self.encoder, self.decoder = encoder(channels), nn.ModuleList()
        self.middle = nn.Sequential(
            *_normalised(nn.Conv2d(last, hidden, context), hidden),  # fc6: (N, 4096 width, h, w)
            *_normalised(nn.Conv2d(hidden, hidden, 1), hidden),  # fc7: (N, 4096 width, h, w)
            *_normalised(nn.ConvTranspose2d(hidden, last, context), last),  # deconv-fc6: (N, 512 width, H / 32, W / 32)
        )
        for own, after in zip(channels[::-1], [*channels[-2::-1], channels[0]], strict=True):
            outs = [*own[:-1], after[-1]]
            layers = []
            for inside, out in zip([own[-1], *outs], outs, strict=False):
                layers += _normalised(nn.ConvTranspose2d(inside, out, 3, padding=1), out)
            self.decoder.append(nn.Sequential(*layers))
        self.score = nn.Conv2d(channels[0][-1], num_classes, 1)
        self.context = context

    def forward(self, x: Tensor) -> Tensor:
        """Class scores of every pixel.

        Args:
            x: (N, 3, H, W), H and W at least 32 `context`.

        Returns:
            (N, K, H, W) logits.

        Raises:
            ValueError: if the image is too small for fc6.
        """
        check_image(x, 3, 32 * self.context)
        x, notes = pool_and_note(self.encoder, x)  # (N, 512 width, H / 32, W / 32)
        x = self.middle(x)  # the same shape; h = H / 32 - context + 1 in between
        x = unpool_with_notes(self.decoder, x, notes)  # (N, 64 width, H, W)
        return self.score(x)  # (N, K, H, W)


def _normalised(layer: nn.Module, channels: int) -> list[nn.Module]:
    return [layer, nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
