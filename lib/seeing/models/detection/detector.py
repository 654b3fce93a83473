"""What every detector of the course can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seeing.data.target import Detections, DetectionTarget


class Detector(nn.Module):
    """The contract: three steps that can each be called alone, and `forward`, which puts them together.

    A detector says `num_classes`, the background (0) counted, and writes the first three methods. As in torchvision,
    calling it with targets gives a dictionary of losses and without them a list of detections; unlike there, the mode
    (`train` or `eval`) does not decide which, so a validation loss is one call.

    Attributes:
        size_divisible: pictures are padded with zeros, at the right and at the bottom, to multiples of this.
    """

    size_divisible: int = 1

    def predict(self, images: Tensor) -> Any:
        """What the network says, before anything is decided: a `NamedTuple` of tensors and nothing else.

        Args:
            images: (N, 3, H, W), H and W multiples of `size_divisible`.
        """
        raise NotImplementedError

    def losses(self, predictions: Any, targets: Sequence[DetectionTarget]) -> dict[str, Tensor]:
        """The terms of the loss by name, scalars; their sum is trained.

        Args:
            predictions: of `predict`.
            targets: one for each image; an image may have no object.
        """
        raise NotImplementedError

    def detections(self, predictions: Any, image_sizes: Sequence[tuple[int, int]]) -> list[Detections]:
        """What is found in each image, best first; boxes xyxy, half-open, cut at the image's border.

        Args:
            predictions: of `predict`.
            image_sizes: (height, width) of each image, before the padding.
        """
        raise NotImplementedError

    def forward(
        self, images: Tensor | Sequence[Tensor], targets: Sequence[DetectionTarget] | None = None
    ) -> dict[str, Tensor] | list[Detections]:
        """Losses with targets, detections without; in any mode.

        Args:
            images: (N, 3, H, W), or a list of (3, H, W) that may differ in size.
            targets: one for each image.

        Returns:
            With targets the terms of the loss; without, a dictionary for each image, made without gradients.

        Raises:
            ValueError: if images are no pictures of three channels, or there is not one target for each.
        """
        batch, sizes = padded_batch(images, self.size_divisible)  # (N, 3, H, W)
        if targets is None:
            with torch.no_grad():
                return self.detections(self.predict(batch), sizes)
        if len(targets) != len(sizes):
            raise ValueError(f"one target for each image was expected; got {len(targets)} for {len(sizes)} images")
        return self.losses(self.predict(batch), targets)


def padded_batch(images: Tensor | Sequence[Tensor], divisible: int = 1) -> tuple[Tensor, list[tuple[int, int]]]:
    """Pictures of any sizes as one batch, with zeros at the right and at the bottom: no box moves.

    Args:
        images: (N, 3, H, W), or a list of N pictures (3, H, W); N at least 1.
        divisible: the batch's height and width are multiples of this.

    Returns:
        The batch, (N, 3, H, W), and each picture's own (height, width).

    Raises:
        ValueError: if there is no picture, or one has another shape.
    """
    pictures = list(images)  # each (3, H, W)
    if not pictures or any(x.dim() != 3 or x.shape[0] != 3 for x in pictures):
        got = [tuple(x.shape) for x in pictures[:3]]
        raise ValueError(f"expected a batch (N, 3, H, W) or a list of pictures (3, H, W), at least one; got {got}")
    sizes = [(x.shape[1], x.shape[2]) for x in pictures]
    height, width = (-(-max(side) // divisible) * divisible for side in zip(*sizes, strict=True))
    if isinstance(images, Tensor) and images.shape[2:] == (height, width):
        return images, sizes
    return torch.stack([F.pad(x, (0, width - x.shape[2], 0, height - x.shape[1])) for x in pictures]), sizes
