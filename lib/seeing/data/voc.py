"""PASCAL VOC 2007 to 2012: everyday pictures with boxes and classes of pixels for 20 kinds of things."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from seeing.data.detection_files import DetectionFiles
from seeing.data.download import Remote, Source, data_root, not_found
from seeing.data.files import OnBad, Refusals, check_choice, check_there
from seeing.data.segmentation_files import SegmentationFiles
from seeing.data.target import VOID
from seeing.data.through_torchvision import through_torchvision
from seeing.data.voc_xml import read_voc_xml, to_target

if TYPE_CHECKING:
    from torchvision.datasets import VOCDetection, VOCSegmentation

PAGE = "http://host.robots.ox.ac.uk/pascal/VOC/"
FOLDER = "voc"
YEARS = ("2007", "2008", "2009", "2010", "2011", "2012")
CLASSES = (
    "background",
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
)


def load_voc(
    root: str | Path | None = None,
    download: bool = True,
    *,
    year: str = "2012",
    split: str = "train",
    task: Literal["detection", "segmentation"] = "detection",
    bad: OnBad = "raise",
) -> DetectionFiles | SegmentationFiles:
    """One year's pictures with boxes, or with a class for every pixel.

    torchvision downloads it (2 GB for 2012) and checks its own MD5 sums.

    Args:
        root: the folder above `voc/VOCdevkit` (or above `VOCdevkit`); if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        year: "2007" to "2012".
        split: "train", "val" or "trainval"; "test" for 2007.
        task: "detection" or "segmentation".
        bad: "skip" reads every file once now, and leaves out and lists in `bad` what "raise" would raise on; "raise"
            raises as soon as it is met.

    Returns:
        Pairs of a picture, (3, H, W) float32 in [0, 1], and its `DetectionTarget` with `difficult`, the boxes
        half-open and counted from 0 (the files count from 1 and mean the last pixel); or its labels, (H, W) int64
        in 0..20, or 255 along the outlines. Pixels are read as they are stored: a turn that EXIF asks for is not made,
        and a picture of another size than its XML says is refused.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if a file or an argument is bad.

    Source: Everingham, Van Gool, Williams, Winn and Zisserman, The PASCAL visual object classes (VOC) challenge
        (2010).
    """
    check_choice(year, "year", YEARS)
    check_choice(split, "split", ("train", "val", "trainval", *(["test"] if year == "2007" else [])))
    check_choice(task, "task", ("detection", "segmentation"))
    refusals = Refusals(bad)
    lists = _lists(root, download, year, split, task)
    pictures = [Path(path) for path in lists.images]
    if task == "segmentation":
        label_maps = [Path(path) for path in lists.masks]
        meaning = {**{label: label for label in range(len(CLASSES))}, VOID: VOID}
        return SegmentationFiles(pictures, label_maps, CLASSES, meaning).readable(refusals)

    kept: list[Path] = []
    targets, sizes = [], []
    for picture, path in zip(pictures, map(Path, lists.annotations), strict=True):
        with refusals.guard():
            check_there(path)
            annotation = read_voc_xml(path, refusals)
            targets.append(to_target(path, annotation.objects, CLASSES, refusals, inclusive=True, image_id=len(kept)))
            kept.append(picture)
            sizes.append(annotation.size)
    return DetectionFiles(kept, targets, CLASSES, sizes=sizes).readable(refusals)


def _lists(root: str | Path | None, download: bool, year: str, split: str, task: str) -> VOCDetection | VOCSegmentation:
    """torchvision's own data set, for its lists of files."""
    from torchvision.datasets import VOCDetection, VOCSegmentation
    from torchvision.datasets.voc import DATASET_YEAR_DICT

    kind = VOCDetection if task == "detection" else VOCSegmentation
    origin = DATASET_YEAR_DICT["2007-test" if split == "test" else year]
    base = data_root(root)
    wanted = f"{origin['base_dir']}/ImageSets/{'Main' if task == 'detection' else 'Segmentation'}/{split}.txt"
    for folder in (base / FOLDER, base):
        if (folder / wanted).is_file():
            return kind(folder, year=year, image_set=split)
    remote = Remote(origin["url"], origin["filename"], unpack="")
    source = Source(FOLDER, f"PASCAL VOC {year}", PAGE, (remote,))
    if not download:
        raise not_found(source, base, wanted, "download=False")
    with through_torchvision(source, base, wanted):
        return kind(base / FOLDER, year=year, image_set=split, download=True)
