"""Pictures in files with their label maps, as a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from seeing.data.files import BadFile, BadRecord, Refusals, check_there
from seeing.data.pictures import read_image, read_label_map, turned_by_exif
from seeing.data.readable import readable

FORBIDDEN = -1


class SegmentationFiles(Dataset):
    """Pairs of a picture, (3, H, W) float32 in [0, 1], and its labels, (H, W) int64; both read when asked for.

    Both are read as they are stored; a turn that their EXIF asks for is not made, and their sizes must agree.
    """

    def __init__(
        self,
        pictures: Sequence[Path],
        label_maps: Sequence[Path],
        classes: Sequence[str],
        meaning: Mapping[int, int] | Sequence[Mapping[int, int]],
        bad: Sequence[BadRecord] = (),
    ):
        """Put them together.

        Args:
            pictures: the files.
            label_maps: as many, in the same order, with one channel of the same height and width.
            classes: the name of each label.
            meaning: the label that each value of a label map stands for; 255 is void. One for all, or one a picture.
            bad: what the reader left out.
        """
        self.pictures = list(pictures)
        self.label_maps = list(label_maps)
        self.classes = tuple(classes)
        self.bad = tuple(bad)
        self._meaning = [meaning] * len(self.pictures) if isinstance(meaning, Mapping) else list(meaning)

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        picture, label_map = self.pictures[index], self.label_maps[index]
        image, labels = read_image(picture), self.labels(index)
        size, got = (image.shape[1], image.shape[2]), (labels.shape[0], labels.shape[1])
        if got != size:
            raise BadFile(
                label_map,
                f"a label map of {size[0]}x{size[1]} pixels was expected, as its picture; got {got[0]}x{got[1]}"
                + turned_by_exif(picture, got),
            )
        return image, labels

    def check_there(self, index: int) -> None:
        """Refuse a picture of which a file is missing, without reading it.

        Raises:
            BadFile: if one is.
        """
        check_there(self.pictures[index], self.label_maps[index])

    def readable(self, refusals: Refusals) -> SegmentationFiles:
        """Those of the pictures that are there and, where bad ones are to be skipped, that can be read."""
        good = readable(self, refusals)
        return SegmentationFiles(
            [self.pictures[i] for i in good],
            [self.label_maps[i] for i in good],
            self.classes,
            [self._meaning[i] for i in good],
            refusals.records,
        )

    def labels(self, index: int) -> Tensor:
        """The label map of a picture, without reading the picture: (H, W) int64.

        Raises:
            BadFile: if it cannot be read, or holds a value that stands for nothing.
        """
        meaning = self._meaning[index]
        values = read_label_map(self.label_maps[index])
        table = torch.full((256,), FORBIDDEN)
        table[list(meaning)] = torch.tensor(list(meaning.values()))
        labels = table[values]
        if (labels == FORBIDDEN).any():
            strange = values[labels == FORBIDDEN].unique().tolist()
            raise BadFile(self.label_maps[index], f"values {sorted(meaning)} were expected; got {strange}")
        return labels
