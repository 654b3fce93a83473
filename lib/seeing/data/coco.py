"""COCO: a folder of pictures and one JSON file of objects; any data set in that form."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from seeing.data.coco_masks import segmentation_to_mask
from seeing.data.coco_records import CocoObject, CocoPicture, read_coco
from seeing.data.download import DataNotFound, Remote, Source, find_folder
from seeing.data.files import BadFile, OnBad, Refusals, check_choice, is_there
from seeing.data.pictures import check_size, read_image
from seeing.data.readable import those_that_can
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


class CocoFiles(Dataset):
    """Pairs of a picture, (3, H, W) float32 in [0, 1] and read when asked for, and its `DetectionTarget`.

    A picture is read as it is stored; a turn that its EXIF asks for is not made, and its size must be that of the
    annotations' file, where that gives one.

    Attributes:
        classes: the name of each label; 0 is the background, and the categories follow by their id.
        category_of_label: COCO's category id for each label; 0 for the background.
        label_of_category: the label, 1..K, of each category id.
        image_ids: COCO's id of each picture.
        bad: what the reader left out.
    """

    def __init__(self, annotations: Path, images: Path | None, masks: bool, bad: OnBad):
        refusals = Refusals(bad)
        records = read_coco(annotations, masks, refusals)
        names = records.categories
        self.classes = ("background", *(names[key] for key in sorted(names)))
        self.category_of_label = (0, *sorted(names))
        self.label_of_category = {category: label for label, category in enumerate(self.category_of_label) if label}
        self._file, self._folder, self._masks = annotations, images, masks
        self._pictures = records.pictures
        objects = self._drawable(records.objects, refusals)
        if refusals.skip and images is not None:
            pictures = list(self._pictures.values())
            good = those_that_can(lambda i: self._image(pictures[i]), len(pictures), refusals)
            self._pictures = {pictures[i].id: pictures[i] for i in good}
        self.image_ids = tuple(self._pictures)
        self._objects: dict[int, list[CocoObject]] = {image_id: [] for image_id in self._pictures}
        for thing in objects:
            self._objects.get(thing.image_id, []).append(thing)
        self.bad = tuple(refusals.records)

    def __len__(self) -> int:
        return len(self.image_ids)

    def __getitem__(self, index: int) -> tuple[Tensor, DetectionTarget]:
        return self._image(self._pictures[self.image_ids[index]]), self.target(index)

    def target(self, index: int) -> DetectionTarget:
        """The objects of a picture, without reading its pixels.

        Raises:
            BadFile: if masks are wanted and one is malformed.
        """
        image_id = self.image_ids[index]
        objects = self._objects[image_id]
        boxes = torch.tensor([thing.box for thing in objects], dtype=torch.float64).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        target: DetectionTarget = {
            "boxes": boxes.float(),
            "labels": torch.tensor([self.label_of_category[o.category_id] for o in objects], dtype=torch.int64),
            "area": torch.tensor([thing.area for thing in objects], dtype=torch.float32),
            "iscrowd": torch.tensor([thing.crowd for thing in objects], dtype=torch.bool),
            "image_id": image_id,
        }
        if self._masks:
            height, width = self._size(image_id)
            target["masks"] = torch.zeros(len(objects), height, width, dtype=torch.bool)
            for mask, thing in zip(target["masks"], objects, strict=True):
                mask[:] = self._mask(thing)
        return target

    def _image(self, picture: CocoPicture) -> Tensor:
        if self._folder is None:
            raise DataNotFound(f"no folder of pictures was named for {self._file}: pass images=...")
        places = [self._folder / name for name in picture.names]
        path = next((place for place in places if is_there(place)), places[0])
        image = read_image(path)
        check_size(path, (image.shape[1], image.shape[2]), picture.size, str(self._file))
        return image

    def _size(self, image_id: int) -> tuple[int, int]:
        size = self._pictures[image_id].size
        assert size is not None, "where masks are wanted, a picture without a size was refused"
        return size

    def _mask(self, thing: CocoObject) -> Tensor:
        try:
            return segmentation_to_mask(thing.segmentation, *self._size(thing.image_id))
        except ValueError as error:
            raise BadFile(self._file, f"{thing.where}: {error}") from error

    def _drawable(self, objects: list[CocoObject], refusals: Refusals) -> list[CocoObject]:
        """Where bad ones are to be skipped and masks are wanted: the objects whose mask can be drawn."""
        if not (refusals.skip and self._masks):
            return objects
        return [objects[i] for i in those_that_can(lambda i: self._mask(objects[i]), len(objects), refusals)]


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
        bad: "skip" reads every picture and draws every mask once now, and leaves out and lists in `bad` the pictures
            and annotations that "raise" would raise on; "raise" raises as soon as one is met. Reading takes about half
            a minute of one processor for val2017 and ten for train2017, drawing masks as long again; all processors
            share it. A box without an area is not bad: COCO's own files hold some, and its evaluation counts them.

    Returns:
        Pairs of a picture and its target, in the file's order. Pixels are read as they are stored: a turn that EXIF
        asks for is not made, and a picture of another size than the file says is refused.

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
