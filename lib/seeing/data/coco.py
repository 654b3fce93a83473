"""COCO: a folder of pictures and one JSON file of objects; any data set in that form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import Dataset

from seeing.data.coco_masks import MOST_PIXELS, segmentation_to_mask
from seeing.data.crowd import is_crowd
from seeing.data.download import DataNotFound, Remote, Source, find_folder
from seeing.data.files import BadFile, OnBad, Refusals, check_choice, read_json
from seeing.data.pictures import check_picture, read_image
from seeing.data.target import DetectionTarget

# The bucket behind images.cocodataset.org, whose own name has no certificate. COCO publishes no checksums; these are
# the ones that torchvision's experimental reader recorded.
BUCKET = "https://s3.amazonaws.com/images.cocodataset.org"
CHECKSUMS = {
    "train2014": "ede4087e640bddba550e090eae701092534b554b42b05ac33f0300b984b31775",
    "val2014": "fe9be816052049c34717e077d9e34aa60814a55679f804cd043e3cbee3b9fde0",
    "train2017": "69a8bb58ea5f8f99d24875f21416de2e9ded3178e903f1f7603e283b9e06d929",
    "val2017": "4f7e2ccb2866ec5041993c9cf2a952bbed69647b115d0f74da7ce8f4bef82f05",
    "annotations_trainval2014": "031296bbc80c45a1d1f76bf9a90ead27e94e99ec629208449507a4917a3bf009",
    "annotations_trainval2017": "113a836d90195ee1f884e704da6304dfaaecff1f023f49b6ca93c4aaae470268",
}
SPLITS = ("val2017", "train2017", "val2014", "train2014")
MISSING = object()
LONGEST = 1e9  # pixels; refuses NaN and infinity too


class CocoFiles(Dataset):
    """Pairs of a picture, (3, H, W) float32 in [0, 1] and read when asked for, and its `DetectionTarget`.

    Attributes:
        classes: the name of each label; 0 is the background, and the categories follow by their id.
        category_of_label: COCO's category id for each label; 0 for the background.
        label_of_category: the label, 1..K, of each category id.
        image_ids: COCO's id of each picture.
        bad: what the reader left out.
    """

    def __init__(self, annotations: Path, images: Path | None, masks: bool, bad: OnBad):
        refusals = Refusals(bad)
        content = read_json(annotations, dict)
        lists = {name: _list(annotations, content, name) for name in ("images", "annotations", "categories")}
        names = _categories(annotations, lists["categories"])
        self.classes = ("background", *(names[key] for key in sorted(names)))
        self.category_of_label = (0, *sorted(names))
        self.label_of_category = {category: label for label, category in enumerate(self.category_of_label) if label}
        self._pictures = _pictures(annotations, lists["images"], images if bad == "skip" else None, refusals)
        self.image_ids = tuple(self._pictures)
        self._objects: dict[int, list[dict]] = {image_id: [] for image_id in self._pictures}
        ids = [entry.get("id") for entry in lists["images"] if isinstance(entry, dict)]
        left_out = {key for key in ids if isinstance(key, int)} - set(self._pictures)
        for number, entry in enumerate(lists["annotations"]):
            with refusals.guard():
                _check_object(f"annotation {number}", annotations, entry, names, masks)
                if entry["image_id"] in self._objects:
                    self._objects[entry["image_id"]].append(entry)
                elif entry["image_id"] not in left_out:
                    raise BadFile(annotations, f"annotation {number}: there is no image {entry['image_id']!r}")
        self.bad = tuple(refusals.records)
        self._file, self._folder, self._masks = annotations, images, masks

    def __len__(self) -> int:
        return len(self.image_ids)

    def __getitem__(self, index: int) -> tuple[Tensor, DetectionTarget]:
        picture = self._pictures[self.image_ids[index]]
        if self._folder is None:
            raise DataNotFound(f"no folder of pictures was named for {self._file}: pass images=...")
        path = self._folder / picture["file_name"]
        image = read_image(path)
        size = (picture["height"], picture["width"])
        if tuple(image.shape[-2:]) != size:
            raise BadFile(path, f"{size[0]}x{size[1]} pixels were expected, as in {self._file}; got {image.shape[-2:]}")
        return image, self.target(index)

    def target(self, index: int) -> DetectionTarget:
        """The objects of a picture, without reading its pixels.

        Raises:
            BadFile: if masks are wanted and one is malformed.
        """
        image_id = self.image_ids[index]
        objects = self._objects[image_id]
        boxes = torch.tensor([entry["bbox"] for entry in objects], dtype=torch.float64).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        target: DetectionTarget = {
            "boxes": boxes.float(),
            "labels": torch.tensor([self.label_of_category[e["category_id"]] for e in objects], dtype=torch.int64),
            "area": torch.tensor([_area(entry) for entry in objects], dtype=torch.float32),
            "iscrowd": torch.tensor([is_crowd(entry) for entry in objects], dtype=torch.bool),
            "image_id": image_id,
        }
        if self._masks:
            target["masks"] = self._all_masks(image_id, objects)
        return target

    def _all_masks(self, image_id: int, objects: Sequence[dict]) -> Tensor:
        height, width = self._pictures[image_id]["height"], self._pictures[image_id]["width"]
        masks = torch.zeros(len(objects), height, width, dtype=torch.bool)
        for mask, entry in zip(masks, objects, strict=True):
            try:
                mask[:] = segmentation_to_mask(entry["segmentation"], height, width)
            except ValueError as error:
                raise BadFile(self._file, f"annotation {entry.get('id')} of image {image_id}: {error}") from error
        return masks


def load_coco(
    root: str | Path | None = None,
    download: bool = True,
    *,
    split: str = "val2017",
    images: str | Path | None = None,
    annotations: str | Path | None = None,
    masks: bool = False,
    bad: OnBad = "raise",
) -> CocoFiles:
    """A split of COCO, or any folder of pictures with a JSON file in COCO's form.

    "val2017" downloads 1 GB, "train2017" 19 GB; both are checked against recorded SHA-256 sums.

    Args:
        root: the folder above `coco/annotations` and `coco/val2017`; if None, SEEING_DATA or a cache folder. Not used
            if `annotations` is given.
        download: whether to fetch the data set if it is not there.
        split: "val2017", "train2017", "val2014" or "train2014"; not used if `annotations` is given.
        images: the folder of pictures; if None, the split's, and with `annotations` none: then only `target(index)`
            can be asked for.
        annotations: a JSON file in COCO's form to read instead.
        masks: whether the targets hold masks, drawn from outlines and run lengths as pycocotools draws them.
        bad: "skip" opens every picture once now, and leaves out and lists in `bad` bad pictures and bad annotations;
            "raise" raises as soon as one is met. A box without an area is not bad: COCO's own files hold some,
            and its evaluation counts them.

    Returns:
        Pairs of a picture and its target, in the file's order.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if a file or an argument is bad.

    Source: Lin et al., Microsoft COCO: common objects in context (2014). Annotations CC BY 4.0.
    """
    if annotations is None:
        check_choice(split, "split", SPLITS)
        name = f"annotations/instances_{split}.json"
        folder, _ = find_folder(_source(f"annotations_trainval{split[-4:]}", "annotations"), root, download, [[name]])
        annotations = folder / name
        if images is None:
            folder, _ = find_folder(_source(split, "zips"), root, download, [[split]])
            images = folder / split
    return CocoFiles(Path(annotations), Path(images) if images is not None else None, masks, bad)


def _source(archive: str, folder: str) -> Source:
    """One of COCO's archives, so that what is there already is not fetched again."""
    remote = Remote(f"{BUCKET}/{folder}/{archive}.zip", f"{archive}.zip", sha256=CHECKSUMS[archive], unpack="")
    return Source("coco", "COCO", "https://cocodataset.org/#download", (remote,), aliases=("COCO",))


def _list(file: Path, content: dict, name: str) -> list:
    if not isinstance(content.get(name), list):
        raise BadFile(file, f'"{name}" must be a list; got {type(content.get(name)).__name__}')
    return content[name]


def _field(file: Path, where: str, entry: Any, name: str, kind: type | tuple[type, ...]) -> Any:
    """A field of the kind asked for; true and false are no numbers here."""
    value = entry.get(name, MISSING) if isinstance(entry, dict) else MISSING
    if value is MISSING or isinstance(value, bool) or not isinstance(value, kind):
        got = "nothing" if value is MISSING else repr(value)
        raise BadFile(file, f'{where}: "{name}" must be {_named(kind)}; got {got}')
    return value


def _named(kind: type | tuple[type, ...]) -> str:
    return " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))


def _categories(file: Path, entries: list) -> dict[int, str]:
    names = {}
    for number, entry in enumerate(entries):
        key = _field(file, f"category {number}", entry, "id", int)
        if key in names:
            raise BadFile(file, f"category {number}: the id {key} is taken")
        names[key] = _field(file, f"category {number}", entry, "name", str)
    return names


def _pictures(file: Path, entries: list, folder: Path | None, refusals: Refusals) -> dict[int, dict]:
    """By id, in the file's order; each picture is opened if a folder is given."""
    pictures: dict[int, dict] = {}
    for number, entry in enumerate(entries):
        with refusals.guard():
            where = f"image {number}"
            key = _field(file, where, entry, "id", int)
            name = PurePosixPath(_field(file, where, entry, "file_name", str))
            size = tuple(_field(file, where, entry, side, int) for side in ("height", "width"))
            if key in pictures:
                raise BadFile(file, f"{where}: the id {key} is taken")
            if min(size) < 1 or size[0] * size[1] > MOST_PIXELS:
                raise BadFile(file, f"{where}: a size of 1 to {MOST_PIXELS} pixels was expected; got {size}")
            if name.is_absolute() or ".." in name.parts or "\\" in str(name):
                raise BadFile(file, f"{where}: a name below the folder of pictures was expected; got {str(name)!r}")
            if folder is not None and (got := check_picture(folder / name)) != size:
                raise BadFile(folder / name, f"{size[0]}x{size[1]} pixels were expected, as in {file}; got {got}")
            pictures[key] = entry
    return pictures


def _check_object(where: str, file: Path, entry: Any, categories: dict[int, str], masks: bool) -> None:
    _field(file, where, entry, "image_id", int)
    if _field(file, where, entry, "category_id", int) not in categories:
        raise BadFile(file, f"{where}: there is no category {entry['category_id']}")
    box = _field(file, where, entry, "bbox", list)
    if len(box) != 4 or not all(_is_length(n) for n in box) or min(box[2:]) < 0:
        raise BadFile(file, f"{where}: a box x, y, width, height, finite and not negative, was expected; got {box}")
    area = _field(file, where, entry, "area", (int, float)) if "area" in entry else 0
    if not (_is_length(area) and area >= 0):
        raise BadFile(file, f"{where}: an area of at least 0 was expected; got {area}")
    try:
        is_crowd(entry)
    except ValueError as error:
        raise BadFile(file, f"{where}: {error}") from None
    if masks:
        _field(file, where, entry, "segmentation", (list, dict))


def _is_length(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LONGEST


def _area(entry: dict) -> float:
    return entry["area"] if "area" in entry else entry["bbox"][2] * entry["bbox"][3]
