"""COCO's annotation and result files as the flat arrays of its evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np

from seeing.data.whole_numbers import as_whole
from seeing.metrics.coco.lost_truth import warn_of_lost_truth
from seeing.metrics.coco.mask_runs import MaskRuns
from seeing.metrics.coco.records import by_id, crowds, floats, load, numbers, record_list
from seeing.metrics.coco.result_records import load_results
from seeing.metrics.coco.segmentation import segmentation_runs
from seeing.metrics.detection_arrays import DetectionArrays

Source = str | PathLike
Record = Mapping[str, Any]


def arrays_from_files(
    results: Source | Sequence[Record] | Record,
    annotations: Source | Record | Sequence[Record],
    iou_type: str,
    image_ids: Sequence[int] | None = None,
    lose_id_zero: bool = True,
) -> DetectionArrays:
    """Results and annotations, as files or loaded, read by the rules of COCO's own API.

    Those rules: images are taken in the order of their ids. Annotations of images or categories that the file does
    not list are left out, and so are results of such categories; results of images that it does not list are an
    error. Where the first result has a box, the area of every result is that of its box, also where masks are
    compared. A result without a box gets that of its mask, and one without a mask that of its box.

    Args:
        results: a JSON list of records with image_id, category_id, score, and bbox, [x, y, w, h], or segmentation;
            or a whole dictionary in COCO's form, whose annotations are such records.
        annotations: JSON with images, categories and annotations; iscrowd is 0 and area that of the box, or where
            masks are compared that of the mask, if missing or null.
        iou_type: "bbox" or "segm".
        image_ids: only these images; all if None.
        lose_id_zero: whether the matches of the truth with id 0 are lost, with a `LostTruthWarning`.

    Raises:
        ValueError: naming the file and the record, for JSON that is cut off, missing keys, ids that stand there
            twice, and numbers that are out of their range.
    """
    name, data = load(annotations, "annotations", Mapping)
    images, categories = (by_id(record_list(data, key, name), f"{name}: {key}") for key in ("images", "categories"))
    result_name, records = load_results(results, {"images": images, "categories": categories}, name)
    truths = record_list(data, "annotations", name)
    truth_name = f"{name}: annotations"
    by_id(truths, truth_name)
    for i, image in enumerate(numbers(records, "image_id", result_name)):
        if image not in images:
            raise ValueError(f"{result_name}: record {i} is of image {image!r}, which {name} does not list")
    chosen = sorted(images if image_ids is None else set(image_ids))
    if not images.keys() >= set(chosen):
        raise ValueError(f"{name}: has no image {next(i for i in chosen if i not in images)!r}")
    image_number = {v: n for n, v in enumerate(chosen)}
    category_number = {v: n for n, v in enumerate(sorted(categories))}

    has_boxes = len(records) == 0 or _has_box(records[0])
    records = _listed(records, image_number, category_number, result_name)
    truths = _listed(truths, image_number, category_number, truth_name)
    columns = {
        "image": np.array([image_number[r["image_id"]] for r in records], np.int64),
        "label": np.array([category_number[r["category_id"]] for r in records], np.int64),
        "score": floats(records, "score", result_name),
        **_result_shapes(records, images, iou_type, has_boxes, result_name),
        "truth_image": np.array([image_number[t["image_id"]] for t in truths], np.int64),
        "truth_label": np.array([category_number[t["category_id"]] for t in truths], np.int64),
        "truth_crowd": crowds(truths, truth_name),
        **_truth_shapes(truths, images, iou_type, truth_name),
    }
    lost = next((i for i, t in enumerate(truths) if t["id"] == 0), -1) if lose_id_zero else -1
    if lost >= 0 and not columns["truth_crowd"][lost]:  # a crowd is never counted as missed
        warn_of_lost_truth(name, truths[lost]["image_id"])
    try:
        names = np.array(sorted(map(int, categories)))
        return DetectionArrays(**columns, images=len(chosen), categories=names, lost=lost)
    except ValueError as error:
        raise ValueError(f"{result_name} against {name}: {error}") from error


def _listed(records: Sequence[Record], images: Mapping, categories: Mapping, name: str) -> list[Record]:
    """The records of these images and categories."""
    owners = zip(records, numbers(records, "image_id", name), numbers(records, "category_id", name), strict=True)
    return [record for record, image, category in owners if image in images and category in categories]


def _result_shapes(
    records: Sequence[Record], images: Mapping[Any, Record], iou_type: str, has_boxes: bool, name: str
) -> dict[str, Any]:
    """Box, area and masks of the results."""
    if has_boxes:
        box = floats(records, "bbox", name, 4)
        masks = _masks(records, images, name, box) if iou_type == "segm" else None
        return {"box": box, "area": box[:, 2] * box[:, 3], "masks": masks}
    masks = _masks(records, images, name)
    return {"box": masks.boxes(), "area": masks.area(), "masks": masks if iou_type == "segm" else None}


def _truth_shapes(truths: Sequence[Record], images: Mapping[Any, Record], iou_type: str, name: str) -> dict[str, Any]:
    """Box, area and masks of the truths."""
    masks = _masks(truths, images, name) if iou_type == "segm" else None
    box = masks.boxes() if masks is not None else floats(truths, "bbox", name, 4)
    usual = masks.area() if masks is not None else box[:, 2] * box[:, 3]
    lacks = np.array([t.get("area") is None for t in truths], bool)
    given = [{**t, "area": 0.0} if lack else t for t, lack in zip(truths, lacks, strict=True)]
    area = usual if lacks.all() else floats(given, "area", name)
    return {"truth_box": box, "truth_area": np.where(lacks, usual, area), "truth_masks": masks}


def _has_box(record: Record) -> bool:
    try:
        return len(record.get("bbox", [])) > 0
    except TypeError:  # not a list at all: refused by name where the boxes are read
        return True


def _masks(
    records: Sequence[Record], images: Mapping[Any, Record], name: str, box: np.ndarray | None = None
) -> MaskRuns:
    """The masks of these records; where one has none, that of its box, if there is one."""
    runs, sizes = [], []
    for i, record in enumerate(records):
        image = images[record["image_id"]]
        height, width = as_whole(image.get("height")), as_whole(image.get("width"))
        if not (height and width and min(height, width) > 0):
            got = (height, width)
            raise ValueError(f"{name}: masks need the height and width of image {record['image_id']!r}; got {got}")
        shape = record.get("segmentation")
        if shape is None:
            if box is None:
                raise ValueError(f"{name}: record {i} must have 'segmentation'; it has {sorted(record)}")
            x, y, w, h = box[i].tolist()
            shape = [[x, y, x, y + h, x + w, y + h, x + w, y]]
        lengths, _ = segmentation_runs(shape, f"{name}: record {i}", (height, width))
        runs.append(lengths)
        sizes.append((height, width))
    return MaskRuns.join(runs, sizes)
