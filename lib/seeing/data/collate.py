"""Batches of pictures that differ in size."""

from __future__ import annotations

from collections.abc import Sequence

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
