"""Pictures in files with their objects, as a data set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor
from torch.utils.data import Dataset

from seeing.data.files import BadRecord, Refusals, check_there
from seeing.data.pictures import check_size, read_image
from seeing.data.readable import readable
from seeing.data.target import DetectionTarget


class DetectionFiles(Dataset):
    """Pairs of a picture, (3, H, W) float32 in [0, 1] and read when asked for, and its `DetectionTarget`.

    A picture is read as it is stored; a turn that its EXIF asks for is not made, and its size must be that of the
    annotation, where that gives one.
    """

    def __init__(
        self,
        pictures: Sequence[Path],
        targets: Sequence[DetectionTarget],
        classes: Sequence[str],
        bad: Sequence[BadRecord] = (),
        sizes: Sequence[tuple[int, int] | None] | None = None,
    ):
        """Put them together.

        Args:
            pictures: the files.
            targets: as many, in the same order.
            classes: the name of each label; 0 is the background.
            bad: what the reader left out.
            sizes: the height and width that each picture must have, None where it is not known; None for all.
        """
        self.pictures = list(pictures)
        self.targets = list(targets)
        self.classes = tuple(classes)
        self.bad = tuple(bad)
        self.sizes = list(sizes or [None] * len(self.pictures))

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Tensor, DetectionTarget]:
        image = read_image(self.pictures[index])
        check_size(self.pictures[index], (image.shape[1], image.shape[2]), self.sizes[index], "its annotation")
        return image, self.target(index)

    def check_there(self, index: int) -> None:
        """Refuse a picture whose file is missing, without reading it.

        Raises:
            BadFile: if it is.
        """
        check_there(self.pictures[index])

    def readable(self, refusals: Refusals) -> DetectionFiles:
        """Those of the pictures that are there and, where bad ones are to be skipped, can be read; numbered anew."""
        good = readable(self, refusals)
        targets: list[DetectionTarget] = [{**self.targets[i], "image_id": number} for number, i in enumerate(good)]
        pictures, sizes = [self.pictures[i] for i in good], [self.sizes[i] for i in good]
        return DetectionFiles(pictures, targets, self.classes, refusals.records, sizes)

    def target(self, index: int) -> DetectionTarget:
        """The objects of a picture, without reading its pixels; a copy that may be changed."""
        target = self.targets[index].copy()
        for key, value in target.items():
            if isinstance(value, Tensor):
                target[key] = value.clone()  # type: ignore[literal-required]  # mypy follows no loop over a TypedDict
        return target
