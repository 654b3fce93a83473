"""Batches of pictures with their objects: stacked where all have one size, as lists where they differ."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from seeing.data.target import DetectionTarget


def collate_any_size(
    samples: Sequence[tuple[Tensor, DetectionTarget]],
) -> tuple[list[Tensor], list[DetectionTarget]]:
    """A batch as two lists: `DataLoader(dataset, batch_size, collate_fn=collate_any_size)`.

    It is the form that torchvision's detection models take. Where all pictures have one size,
    `collate_detection` stacks them.

    Args:
        samples: pairs of a picture, (3, H, W), and its objects; perhaps none.

    Returns:
        The pictures and the targets.
    """
    return [image for image, _ in samples], [target for _, target in samples]


def collate_detection(samples: Sequence[tuple[Tensor, DetectionTarget]]) -> tuple[Tensor, list[DetectionTarget]]:
    """Images (N, 3, H, W) and a list of N targets, which hold different numbers of objects.

    Example:
        >>> dataset = WorldDataset(World(size=32), count=4, task="detection")
        >>> images, targets = collate_detection([dataset[0], dataset[1]])
        >>> images.shape, len(targets)
        (torch.Size([2, 3, 32, 32]), 2)
    """
    images, targets = zip(*samples, strict=True)
    return torch.stack(images), list(targets)
