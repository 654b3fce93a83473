"""What every detector of the course can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from seeing.data.target import Detections, DetectionTarget
from seeing.models.detection.objects import batch_objects
from seeing.ops.checks import values_can_be_read

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class Detector(nn.Module):
    """The contract: three steps that can each be called alone, and `forward`, which puts them together.

    A detector says `num_classes`, the background (0) counted, and writes the first three methods. As in torchvision,
    calling it with targets gives a dictionary of losses and without them a list of detections; unlike there, the mode
    (`train` or `eval`) does not decide which, so a validation loss is one call.

    Args:
        num_classes: C, the background counted; the classes of objects are 1..C-1.
        mean: of each colour, which `normalized` takes off.
        std: of each colour, by which `normalized` divides.

    Attributes:
        size_divisible: pictures are padded with the mean colour, at the right and at the bottom, to multiples of this.
    """

    size_divisible: int = 1
    num_classes: int
    mean: Tensor
    std: Tensor

    def __init__(
        self, num_classes: int = 2, mean: Sequence[float] = IMAGENET_MEAN, std: Sequence[float] = IMAGENET_STD
    ) -> None:
        super().__init__()
        if num_classes < 2:
            raise ValueError(f"num_classes counts the background and must be at least 2; got {num_classes}")
        self.num_classes = num_classes
        # Not in the state: torchvision's states do not have them.
        self.register_buffer("mean", torch.tensor(mean).view(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(3, 1, 1), persistent=False)

    def normalized(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) in [0, 1], with each colour's mean taken off and divided by its deviation."""
        return (images - self.mean) / self.std

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
            ValueError: if images are no pictures of three channels with values in [0, 1], there is not one target for
                each, or a target does not fit its image (see `batch_objects`).
        """
        batch, sizes = padded_batch(images, self.size_divisible, self.mean)  # (N, 3, H, W)
        if targets is None:
            with torch.no_grad():
                return self.detections(self.predict(batch), sizes)
        if len(targets) != len(sizes):
            raise ValueError(f"one target for each image was expected; got {len(targets)} for {len(sizes)} images")
        batch_objects(targets, self.num_classes, sizes)  # refuses what does not fit, before the network runs
        return self.losses(self.predict(batch), targets)


def padded_batch(
    images: Tensor | Sequence[Tensor], divisible: int = 1, fill: Tensor | None = None
) -> tuple[Tensor, list[tuple[int, int]]]:
    """Pictures of any sizes as one batch, filled up at the right and at the bottom: no box moves.

    Args:
        images: (N, 3, H, W), or a list of N pictures (3, H, W); N at least 1; floating point in [0, 1].
        divisible: the batch's height and width are multiples of this.
        fill: (3, 1, 1), the colour beside the pictures; zeros if None.

    Returns:
        The batch, (N, 3, H, W), and each picture's own (height, width).

    Raises:
        ValueError: if there is no picture, one has another shape, or its values are not those of [0, 1].
    """
    pictures = list(images)  # each (3, H, W)
    if not pictures or any(x.dim() != 3 or x.shape[0] != 3 or not x.numel() for x in pictures):
        got = [tuple(x.shape) for x in pictures[:3]]
        raise ValueError(f"expected a batch (N, 3, H, W) or a list of pictures (3, H, W), at least one; got {got}")
    _check_range(images if isinstance(images, Tensor) else pictures)
    sizes = [(x.shape[1], x.shape[2]) for x in pictures]
    height, width = (-(-max(side) // divisible) * divisible for side in zip(*sizes, strict=True))
    if isinstance(images, Tensor) and images.shape[2:] == (height, width):
        return images, sizes
    batch = pictures[0].new_zeros(len(pictures), 3, height, width)
    if fill is not None:
        batch += fill
    for place, picture in zip(batch, pictures, strict=True):
        place[:, : picture.shape[1], : picture.shape[2]] = picture
    return batch, sizes


def _check_range(images: Tensor | Sequence[Tensor]) -> None:
    """Refuse values of 0..255 and values that were normalised. On a GPU, where it would mean a wait, types alone."""
    for picture in [images] if isinstance(images, Tensor) else images:
        if not picture.is_floating_point():
            raise ValueError(f"images must be floating point in [0, 1]; got {picture.dtype}: divide by 255")
        if picture.device.type != "cpu" or not values_can_be_read(picture):
            continue
        least, most = (value.item() for value in picture.aminmax())
        # Augmentation and resizing may reach a little over the range.
        if not (least >= -1 and most <= 2):
            why = "divide by 255" if most > 2 else "the detector normalises them itself"
            raise ValueError(f"images must lie in [0, 1]; got values from {least:g} to {most:g}: {why}")
