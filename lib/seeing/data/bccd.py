"""BCCD: blood cells under the microscope, with boxes for three kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from seeing.data.detection_files import DetectionFiles
from seeing.data.download import Remote, Source, find_folder
from seeing.data.files import BadFile, Refusals, check_choice, check_there, read_text
from seeing.data.voc_xml import read_voc_xml, to_target

COMMIT = "d272fb14cdff6e473fafeeeba32aba5f560e9e43"
SOURCE = Source(
    "bccd",
    "BCCD",
    "https://github.com/Shenggan/BCCD_Dataset",
    (
        Remote(
            f"https://github.com/Shenggan/BCCD_Dataset/archive/{COMMIT}.zip",
            "BCCD_Dataset.zip",
            unpack=f"BCCD_Dataset-{COMMIT}/BCCD/",
            content="debd2d76b13c300a3999f96a08cbe9ada5f231c3f882f9877a65a01a695872d1",
        ),
    ),
    aliases=("bccd/BCCD", "BCCD", "BCCD_Dataset/BCCD"),
)
CLASSES = ("background", "RBC", "WBC", "Platelets")
SPLITS = ("all", "train", "val", "trainval", "test")
# Each holds one cell of no width and no height among good ones.
KNOWN_BAD = ("BloodImage_00338.xml", "BloodImage_00343.xml")


def load_bccd(
    root: str | Path | None = None,
    download: bool = True,
    *,
    split: str = "all",
    bad: Literal["known", "raise", "skip"] = "known",
) -> DetectionFiles:
    """The 364 pictures of 480x640 pixels with 4,888 boxes: red and white cells, and platelets.

    About 8 MB are downloaded. The content of the archive, not its packing, is checked against a recorded SHA-256.

    Args:
        root: the folder above `bccd`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        split: "all", or one of the published lists: "train" (205), "val" (87), "trainval" (292), "test" (72).
        bad: the published set holds 2 boxes without an area. "raise" raises at the first of them; "skip" reads
            every picture once now and leaves out every bad box, and every picture whose annotation or file is
            broken; "known", the default, leaves out those 2 and raises at anything else, so that the set can be used
            and no new damage passes unseen. What is left out is listed in `bad`.

    Returns:
        Pairs of a picture, (3, H, W) float32 in [0, 1], and its `DetectionTarget`, by file name. A box's sides are
        the written corners: the tool that drew them gives a width of xmax - xmin. Pixels are read as they are
        stored: a turn that EXIF asks for is not made, and a picture of another size than its XML says is refused.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if a file or an argument is bad.

    Source: Shenggan Cheng, BCCD dataset (2017), from pictures by cosmicad and akshaylamba. MIT licence.
    """
    check_choice(bad, "bad", ("known", "raise", "skip"))
    check_choice(split, "split", SPLITS)
    folder, _ = find_folder(SOURCE, root, download, [("JPEGImages", "Annotations")])
    general = Refusals("skip" if bad == "skip" else "raise")
    known = Refusals("raise" if bad == "raise" else "skip")
    pictures: list[Path] = []
    targets, sizes = [], []
    for name in _names(folder, split):
        path = folder / "Annotations" / f"{name}.xml"
        with general.guard():
            check_there(path)
            annotation = read_voc_xml(path, general)
            refusals = known if path.name in KNOWN_BAD else general
            target = to_target(path, annotation.objects, CLASSES, refusals, inclusive=False, image_id=len(pictures))
            pictures.append(folder / "JPEGImages" / f"{name}.jpg")
            targets.append(target)
            sizes.append(annotation.size)
    dataset = DetectionFiles(pictures, targets, CLASSES, sizes=sizes).readable(general)
    dataset.bad = (*general.records, *known.records)
    return dataset


def _names(folder: Path, split: str) -> list[str]:
    if split == "all":
        names = sorted(path.stem for path in (folder / "Annotations").glob("*.xml"))
        if not names:
            raise BadFile(folder / "Annotations", "annotations (.xml) were expected; got none")
        return names
    return sorted(read_text(folder / "ImageSets" / "Main" / f"{split}.txt").split())
