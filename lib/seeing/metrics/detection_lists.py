"""Lists of per-image dictionaries, checked and laid end to end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch import Tensor

from seeing.arrays import as_array, as_tensor
from seeing.metrics.coco.mask_runs import MaskRuns
from seeing.metrics.detection_arrays import LARGEST


@dataclass
class Column:
    """The objects of a list of images, N in all, as float64 and int64 arrays.

    Attributes:
        images: how many there are.
        image: (N,) which image.
        box: (N, 4) xyxy.
        label: (N,), None where no image has labels.
        others: (N,) of each further key that was asked for, None where no image has it.
    """

    images: int
    image: np.ndarray
    box: np.ndarray
    label: np.ndarray | None
    others: dict[str, np.ndarray | None] = field(default_factory=dict)


def column(records: Sequence[Mapping[str, Any]], what: str, needed: Sequence[str], optional: Sequence[str]) -> Column:
    """The boxes, labels and further per-object numbers of all images.

    Args:
        records: one dictionary an image: boxes (N, 4) xyxy, and labels (N,) in all of them or in none.
        what: how to call the list in an error.
        needed: further keys that every image must have, (N,) each.
        optional: further keys; an image that lacks one that others have must be empty.

    Raises:
        ValueError: naming the image and the key, if one is missing, has another length than the boxes, is NaN, if a
            box is not finite or has a negative size, or a label is negative or no whole number.
    """
    if isinstance(records, Mapping | Tensor | str) or not isinstance(records, Sequence):
        raise ValueError(f"{what} must be a list with one dictionary for each image; got {type(records).__name__}")
    boxes = [_boxes(record, f"{what}[{i}]") for i, record in enumerate(records)]
    counts = [len(b) for b in boxes]
    names = ["labels", *needed, *optional]
    columns = {name: _values(records, counts, name, what, name in needed) for name in names}
    label = columns.pop("labels")
    if label is not None:
        if label.dtype.kind not in "iu" or (label.size and label.min() < 0):
            raise ValueError(f"{what} must have labels that are whole numbers, at least 0; got {_some(label)}")
        label = label.astype(np.int64)
    others = {name: None if values is None else values.astype(np.float64) for name, values in columns.items()}
    for name, values in others.items():
        if values is not None and np.isnan(values).any():
            image = np.repeat(np.arange(len(counts)), counts)[int(np.argmax(np.isnan(values)))]
            raise ValueError(f"{what}[{image}]['{name}'] must not be NaN")
    box = np.concatenate([np.empty((0, 4)), *boxes])
    return Column(len(records), np.repeat(np.arange(len(counts)), counts), box, label, others)


def read_lists(
    predictions: Sequence[Mapping[str, Any]],
    targets: Sequence[Mapping[str, Any]],
    optional: Sequence[str],
    names: tuple[str, str] = ("predictions", "targets"),
) -> tuple[Column, Column]:
    """The columns of detections, with their scores, and of truths, with these optional keys, of the same images.

    Where neither list has labels, everything is of class 1. An error calls the lists by these names.

    Raises:
        ValueError: as `column`, and if the lists differ in length or only one of them has labels.
    """
    detections, truths = column(predictions, names[0], ["scores"], []), column(targets, names[1], [], optional)
    if detections.images != truths.images:
        raise ValueError(
            f"{names[0]} and {names[1]} must be of the same images; got {detections.images} and {truths.images}"
        )
    unlabelled = [name for name, c in zip(names, (detections, truths), strict=True) if c.label is None]
    if len(unlabelled) == 1 and len(detections.box) and len(truths.box):
        raise ValueError(f"labels must be in both lists or in neither; {unlabelled[0]} have none")
    for c in (detections, truths):
        c.label = np.ones(len(c.box), np.int64) if c.label is None else c.label
    return detections, truths


def mask_column(records: Sequence[Mapping[str, Any]], what: str, key: str = "masks") -> MaskRuns:
    """The masks of all images: (N, H, W) tensors, 1 where the object is, or lists of COCO's run-length dictionaries.

    Raises:
        ValueError: naming the image, if it has no masks or not one for each box.
    """
    parts = []
    for i, record in enumerate(records):
        masks = length(record[key], f"{what}[{i}]['{key}']") if key in record else 0
        count = len(record["boxes"]) if "boxes" in record else masks
        if key not in record or masks != count:
            got = masks if key in record else "none"
            raise ValueError(f"{what}[{i}] must have {count} '{key}', one for each box; got {got}")
        if count:
            parts.append(_mask_runs(record[key], f"{what}[{i}]['{key}']"))
    runs = [p.lengths[p.start[j] : p.start[j + 1]] for p in parts for j in range(len(p))]
    return MaskRuns.join(runs, np.concatenate([np.empty((0, 2), np.int64), *(p.size for p in parts)]))


def length(values: Any, what: str) -> int:
    """How many objects a key of a record holds.

    Raises:
        ValueError: if it is a single thing.
    """
    try:
        return len(values)
    except TypeError:  # None, a number, an array without a dimension
        raise ValueError(f"{what} must hold one entry for each object; got {type(values).__name__}") from None


def _mask_runs(masks: Any, what: str) -> MaskRuns:
    if isinstance(masks, list | tuple) and masks and isinstance(masks[0], Mapping):
        from seeing.metrics.coco.segmentation import segmentation_runs

        return MaskRuns.join(*zip(*[segmentation_runs(m, f"{what}[{i}]") for i, m in enumerate(masks)], strict=True))
    pixels = as_tensor(masks, what)
    if pixels.dim() != 3:
        raise ValueError(f"{what} must be (N, H, W); got {tuple(pixels.shape)}")
    if pixels.is_floating_point() and not bool(((pixels == 0) | (pixels == 1)).all()):
        raise ValueError(f"{what} must be bool: cut probabilities at a threshold first")
    return MaskRuns.encode(pixels.detach().ne(0).cpu().numpy())


def _boxes(record: Mapping[str, Any], what: str) -> np.ndarray:
    """(N, 4) float64 xyxy of one image."""
    if not isinstance(record, Mapping):
        raise ValueError(f"{what} must be a dictionary; got {type(record).__name__}")
    if "boxes" not in record:
        raise ValueError(f"{what} must have 'boxes'; it has {sorted(record)}")
    boxes = as_array(record["boxes"], f"{what}['boxes']").astype(np.float64)
    boxes = boxes.reshape(0, 4) if boxes.size == 0 else boxes
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"{what}['boxes'] must be (N, 4) xyxy; got {boxes.shape}")
    bad = ~(np.abs(boxes) <= LARGEST).all(axis=1) | (boxes[:, 2:] < boxes[:, :2]).any(axis=1)
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(f"{what}['boxes'] must be finite, x1 <= x2 and y1 <= y2; row {row} is {boxes[row].tolist()}")
    return boxes


def _values(
    records: Sequence[Mapping[str, Any]], counts: Sequence[int], name: str, what: str, needed: bool
) -> np.ndarray | None:
    """(N,) of one key in all images, or None if it may be missing and is."""
    present = [name in record for record in records]
    if not needed and not any(present):
        return None
    parts = []
    for i, (record, count) in enumerate(zip(records, counts, strict=True)):
        if present[i]:
            part = as_array(record[name], f"{what}[{i}]['{name}']")
            if part.shape != (count,) and not part.size == count == 0:
                raise ValueError(f"{what}[{i}]['{name}'] must be ({count},), one for each box; got {part.shape}")
        elif count:
            raise ValueError(f"{what}[{i}] must have '{name}'" + ("" if needed else ", as other images have"))
        if count:
            parts.append(part)
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _some(values: np.ndarray) -> str:
    return f"{values.dtype} {values.min()}..{values.max()}" if values.size else str(values.dtype)
