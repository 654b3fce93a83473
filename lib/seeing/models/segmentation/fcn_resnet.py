"""FCN on a ResNet-50: no skips; the trunk keeps its last maps large by dilation instead."""

from __future__ import annotations

from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from seeing.models.backbones.resnet import ResNet50Trunk
from seeing.models.layers import check_image


class FCNResNet50(nn.Module):
    """Dilated ResNet-50, two convolutions, and bilinear enlarging by 8.

    Args:
        num_classes: number of classes K.
        width: multiplies every number of channels; 1 is torchvision's model.
        aux: whether to train a second head on the stage before, which helps the gradient on its way down.

    Example:
        >>> FCNResNet50(num_classes=5, width=0.125).eval()(torch.zeros(1, 3, 64, 64)).shape
        torch.Size([1, 5, 64, 64])

    Source: the model behind `torchvision.models.segmentation.fcn_resnet50`; Long, Shelhamer and Darrell (2015) for the
        idea, Zhao et al., Pyramid scene parsing network (2017), section 3.3, for the auxiliary head.
    """

    def __init__(self, num_classes: int = 21, width: float = 1.0, *, aux: bool = False) -> None:
        super().__init__()
        self.backbone = ResNet50Trunk(width, stride=8)
        self.classifier = _head(self.backbone.channels[-1], num_classes)
        self.aux_classifier = _head(self.backbone.channels[-2], num_classes) if aux else None

    def forward(self, x: Tensor) -> Tensor:
        """Class scores of every pixel.

        Args:
            x: (N, 3, H, W); torchvision's weights want it normalised by ImageNet's mean and deviation.

        Returns:
            (N, K, H, W) logits.
        """
        check_image(x, 3)
        features = self.backbone(x)[-1]  # (N, 2048 width, H / 8, W / 8)
        scores = self.classifier(features)  # (N, K, H / 8, W / 8)
        return _enlarged(scores, x)  # (N, K, H, W)

    def with_aux(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The scores of both heads, each (N, K, H, W), for training.

        Raises:
            ValueError: if the model has no second head.
        """
        if self.aux_classifier is None:
            raise ValueError("this model has one head; build it with aux=True to train two")
        check_image(x, 3)
        *_, third, last = self.backbone(x)  # (N, 1024 width, H / 8, W / 8), (N, 2048 width, H / 8, W / 8)
        return _enlarged(self.classifier(last), x), _enlarged(self.aux_classifier(third), x)

    def load_torchvision(self, state: Mapping[str, Tensor]) -> None:
        """Take the parameters of `torchvision.models.segmentation.fcn_resnet50`.

        Args:
            state: its state_dict, for as many classes; a second head in it is left out if this model has none.

        Raises:
            ValueError: if names or shapes do not fit.
        """
        if self.aux_classifier is None:
            state = {name: value for name, value in state.items() if not name.startswith("aux_classifier.")}
        try:
            self.load_state_dict(state)
        except RuntimeError as error:
            raise ValueError(f"this is not a state of fcn_resnet50 with the same classes and width: {error}") from None


def _head(channels: int, num_classes: int) -> nn.Sequential:
    inside = channels // 4
    return nn.Sequential(
        nn.Conv2d(channels, inside, 3, padding=1, bias=False),
        nn.BatchNorm2d(inside),
        nn.ReLU(inplace=True),
        nn.Dropout(0.1),
        nn.Conv2d(inside, num_classes, 1),
    )


def _enlarged(scores: Tensor, image: Tensor) -> Tensor:
    return F.interpolate(scores, image.shape[2:], mode="bilinear", align_corners=False)
