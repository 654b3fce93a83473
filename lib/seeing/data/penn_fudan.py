"""Penn-Fudan: pedestrians in streets, with a mask for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from seeing.data.download import Remote, Source, find_folder
from seeing.data.files import BadFile, BadRecord, OnBad, Refusals, check_there
from seeing.data.pictures import read_image, read_label_map, turned_by_exif
from seeing.data.readable import readable
from seeing.data.target import DetectionTarget

SOURCE = Source(
    "pennfudan",
    "Penn-Fudan",
    "https://www.cis.upenn.edu/~jshi/ped_html/",
    (Remote("https://www.cis.upenn.edu/~jshi/ped_html/PennFudanPed.zip", "PennFudanPed.zip", unpack="PennFudanPed/"),),
    aliases=("PennFudanPed",),
)
LAYOUTS = [("PNGImages", "PedMasks"), ("images", "masks")]
MASK_ENDINGS = ["_mask.png", ".png"]
CLASSES = ("background", "pedestrian")


class PennFudan(Dataset):
    """Pairs of a picture, (3, H, W) float32 in [0, 1], and the `DetectionTarget` of its pedestrians with masks.

    Both are read as they are stored; a turn that their EXIF asks for is not made, and their sizes must agree.
    """

    def __init__(self, pictures: Sequence[Path], masks: Sequence[Path], bad: Sequence[BadRecord] = ()):
        self.pictures = list(pictures)
        self.masks = list(masks)
        self.classes = CLASSES
        self.bad = tuple(bad)

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Tensor, DetectionTarget]:
        image, target = read_image(self.pictures[index]), self.target(index)
        height, width = image.shape[-2:]
        if target["masks"].shape[-2:] != (height, width):
            got = (target["masks"].shape[1], target["masks"].shape[2])
            raise BadFile(
                self.masks[index],
                f"a mask of {height}x{width} pixels was expected, as its picture; got {got}"
                + turned_by_exif(self.pictures[index], got),
            )
        return image, target

    def check_there(self, index: int) -> None:
        """Refuse a picture of which a file is missing, without reading it.

        Raises:
            BadFile: if one is.
        """
        check_there(self.pictures[index], self.masks[index])

    def target(self, index: int) -> DetectionTarget:
        """The pedestrians of a picture, without reading the picture.

        Each value of the mask file but 0 is one of them; its box is the tightest around its pixels.
        """
        numbers = read_label_map(self.masks[index])
        return instances_to_target(numbers, index)


def instances_to_target(numbers: Tensor, image_id: int) -> DetectionTarget:
    """The target of a picture whose pixels say to which object they belong; all objects have label 1.

    Args:
        numbers: (H, W) int64, not negative; 0 is the background, every other value an object.
        image_id: the picture's number.
    """
    names = torch.bincount(numbers.flatten(), minlength=1)[1:].nonzero() + 1
    masks = numbers == names[:, :, None]
    boxes = torch.zeros(len(masks), 4)
    for box, mask in zip(boxes, masks, strict=True):
        rows, columns = mask.any(1).nonzero(), mask.any(0).nonzero()
        box[:] = torch.stack([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]).flatten()
    return {
        "boxes": boxes,
        "labels": torch.ones(len(masks), dtype=torch.int64),
        "masks": masks,
        "area": masks.sum((1, 2)).float(),
        "iscrowd": torch.zeros(len(masks), dtype=torch.bool),
        "image_id": image_id,
    }


def load_penn_fudan(root: str | Path | None = None, download: bool = True, *, bad: OnBad = "raise") -> PennFudan:
    """The 170 street scenes with 423 pedestrians.

    About 54 MB are downloaded. Their authors publish no checksum: the first download is trusted, its SHA-256 is
    written beside it, and a later download must be the same.

    Args:
        root: the folder above `pennfudan` (or `PennFudanPed`); if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        bad: "skip" reads every file once now, and leaves out and lists in `bad` what "raise" would raise on: what is
            missing, damaged, of another size than its picture; "raise" raises as soon as such
            a file is met.

    Returns:
        Pairs of a picture and its target, by file name; both as they are stored: a turn that EXIF asks for is not
        made.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if a file or an argument is bad.

    Source: Wang, Shi, Song and Shen, Object detection combining recognition and segmentation (2007). For research.
        A well-known tutorial on it counts 345 pedestrians; the masks hold 423.
    """
    refusals = Refusals(bad)
    folder, layout = find_folder(SOURCE, root, download, LAYOUTS)
    images, masks = LAYOUTS[layout]
    pictures = sorted(p for p in (folder / images).iterdir() if p.suffix in (".png", ".jpg"))
    if not pictures:
        raise BadFile(folder / images, "pictures (.png or .jpg) were expected; got none")
    mask_files = [folder / masks / f"{picture.stem}{MASK_ENDINGS[layout]}" for picture in pictures]
    good = readable(PennFudan(pictures, mask_files), refusals)
    return PennFudan([pictures[i] for i in good], [mask_files[i] for i in good], refusals.records)
