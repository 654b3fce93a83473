"""Pictures in files with their objects, as a data set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor
from torch.utils.data import Dataset

from seeing.data.files import BadRecord
from seeing.data.pictures import read_image
from seeing.data.target import DetectionTarget


class DetectionFiles(Dataset):
    """Pairs of a picture, (3, H, W) float32 in [0, 1] and read when asked for, and its `DetectionTarget`."""

    def __init__(
        self,
        pictures: Sequence[Path],
        targets: Sequence[DetectionTarget],
        classes: Sequence[str],
        bad: Sequence[BadRecord] = (),
    ):
        """Put them together.

        Args:
            pictures: the files.
            targets: as many, in the same order.
            classes: the name of each label; 0 is the background.
            bad: what the reader left out.
        """
        self.pictures = list(pictures)
        self.targets = list(targets)
        self.classes = tuple(classes)
        self.bad = tuple(bad)

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Tensor, DetectionTarget]:
        return read_image(self.pictures[index]), self.target(index)

    def target(self, index: int) -> DetectionTarget:
        """The objects of a picture, without reading its pixels; a copy that may be changed."""
        target = self.targets[index]
        return {key: value.clone() if isinstance(value, Tensor) else value for key, value in target.items()}
