"""Pictures in files with their label maps, as a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from seeing.data.files import BadFile, BadRecord, Refusals
from seeing.data.pictures import check_picture, read_image, read_label_map

FORBIDDEN = -1


class SegmentationFiles(Dataset):
    """Pairs of a picture, (3, H, W) float32 in [0, 1], and its labels, (H, W) int64; both read when asked for."""

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
        image = read_image(self.pictures[index])
        labels = self.labels(index)
        if labels.shape != image.shape[-2:]:
            raise BadFile(self.label_maps[index], _another_size(tuple(image.shape[-2:]), tuple(labels.shape)))
        return image, labels

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


def check_pairs(pictures: Sequence[Path], label_maps: Sequence[Path], refusals: Refusals) -> list[int]:
    """Which of the pairs are there and, where bad ones are to be skipped, look whole and agree in size.

    Args:
        pictures: the files.
        label_maps: as many, in the same order.
        refusals: what is to be done about the others.

    Raises:
        BadFile: if a file is not there, unless bad ones are to be skipped.
    """
    good = []
    for index, (picture, label_map) in enumerate(zip(pictures, label_maps, strict=True)):
        with refusals.guard():
            check_there(picture, label_map)
            if refusals.skip and (size := check_picture(picture)) != (got := check_picture(label_map)):
                raise BadFile(label_map, _another_size(size, got))
            good.append(index)
    return good


def check_there(*paths: Path) -> None:
    """Refuse a list of files of which one is missing.

    Raises:
        BadFile: if one is.
    """
    for path in paths:
        if not path.is_file():
            raise BadFile(path, "there is no such file, and the data set lists it")


def _another_size(expected: tuple[int, int], got: tuple[int, int]) -> str:
    return f"a label map of {expected[0]}x{expected[1]} pixels was expected, as its picture; got {got[0]}x{got[1]}"
