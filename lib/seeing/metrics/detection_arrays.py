"""The detections and truths of a whole data set as flat arrays, one row an object, for the COCO evaluation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seeing.arrays import as_array
from seeing.metrics.coco.mask_runs import MaskRuns

LARGEST = 1e150  # of a coordinate: areas and their sums stay finite


@dataclass
class DetectionArrays:
    """All detections, N of them, and all truths, G of them, of a set of images.

    Boxes are **xywh** in float64, as COCO's files have them: the evaluation is then COCO's own arithmetic. The rows
    are brought into the order of their images; equal scores in one image keep the order they come in.

    Attributes:
        image: (N,) image number, 0..images - 1.
        label: (N,) class number, 0..K - 1.
        score: (N,) any finite or infinite number.
        box: (N, 4) xywh pixels, sizes at least 0.
        truth_image, truth_label, truth_box: of the truths.
        images: number of images, also those without any object.
        categories: (K,) ascending: what the classes are called outside; 0..K - 1 if None.
        area: (N,) what is sorted into small, medium and large; width times height if None.
        truth_area: (G,) likewise.
        truth_crowd: (G,) bool: a region that neither counts as missed nor makes a detection in it wrong.
        masks, truth_masks: where masks are compared. The boxes are then those of the masks.
        lost: index of a truth whose matches do not count, or -1. (The COCO API takes the annotation id 0 for "no
            match"; its numbers are kept for files that have it.)

    Raises:
        ValueError: if lengths differ, a number is out of its range or not finite, or the masks of an image differ in
            size.
    """

    image: np.ndarray
    label: np.ndarray
    score: np.ndarray
    box: np.ndarray
    truth_image: np.ndarray
    truth_label: np.ndarray
    truth_box: np.ndarray
    images: int
    categories: np.ndarray | None = None
    area: np.ndarray | None = None
    truth_area: np.ndarray | None = None
    truth_crowd: np.ndarray | None = None
    masks: MaskRuns | None = None
    truth_masks: MaskRuns | None = None
    lost: int = -1

    def __post_init__(self) -> None:
        if self.categories is None:
            labels = [as_array(x, name) for x, name in ((self.label, "label"), (self.truth_label, "truth_label"))]
            self.categories = np.arange(max((int(x.max()) + 1 for x in labels if x.size), default=0))
        self.categories = as_array(self.categories, "categories")
        if self.categories.ndim != 1 or (np.diff(self.categories) <= 0).any():
            raise ValueError(f"categories must be ascending; got {self.categories.tolist()}")
        if (self.masks is None) != (self.truth_masks is None):
            raise ValueError("masks are compared with masks: expected masks and truth_masks both, or neither")
        if self.masks is not None and self.truth_masks is not None:
            self.box, self.truth_box = self.masks.boxes(), self.truth_masks.boxes()
            self.area = self.masks.area() if self.area is None else self.area
            self.truth_area = self.truth_masks.area() if self.truth_area is None else self.truth_area
        self._check_detections()
        self._check_truths()
        self._sort()
        if self.masks is not None and self.truth_masks is not None:
            self._check_mask_sizes(self.masks.size, self.truth_masks.size)

    def _check_detections(self) -> None:
        self.box = _boxes(self.box, "box")
        count = len(self.box)
        self.image = _numbers(self.image, "image", count, self.images)
        self.label = _numbers(self.label, "label", count, len(given(self.categories)))
        self.score = _column(self.score, "score", count)
        self.area = self.box[:, 2] * self.box[:, 3] if self.area is None else _column(self.area, "area", count)

    def _check_truths(self) -> None:
        self.truth_box = _boxes(self.truth_box, "truth_box")
        count = len(self.truth_box)
        self.truth_image = _numbers(self.truth_image, "truth_image", count, self.images)
        self.truth_label = _numbers(self.truth_label, "truth_label", count, len(given(self.categories)))
        area = self.truth_box[:, 2] * self.truth_box[:, 3] if self.truth_area is None else self.truth_area
        self.truth_area = _column(area, "truth_area", count)
        crowd = np.zeros(count, bool) if self.truth_crowd is None else self.truth_crowd
        crowd = _column(crowd, "truth_crowd", count)
        if not np.isin(crowd, (0, 1)).all():
            raise ValueError(f"truth_crowd must be bool, or 0 and 1; got {crowd[~np.isin(crowd, (0, 1))][0]:g}")
        self.truth_crowd = crowd == 1

    def _sort(self) -> None:
        if (self.image[1:] < self.image[:-1]).any():
            order = np.argsort(self.image, kind="stable")
            for name in ("image", "label", "score", "box", "area"):
                setattr(self, name, getattr(self, name)[order])
            self.masks = None if self.masks is None else self.masks.take(order)
        if (self.truth_image[1:] < self.truth_image[:-1]).any():
            order = np.argsort(self.truth_image, kind="stable")
            for name in ("truth_image", "truth_label", "truth_box", "truth_area", "truth_crowd"):
                setattr(self, name, getattr(self, name)[order])
            self.truth_masks = None if self.truth_masks is None else self.truth_masks.take(order)
            self.lost = int(np.flatnonzero(order == self.lost)[0]) if self.lost >= 0 else -1

    def _check_mask_sizes(self, sizes: np.ndarray, truth_sizes: np.ndarray) -> None:
        size = np.full((self.images, 2), -1, np.int64)
        size[self.image] = sizes
        size[self.truth_image] = truth_sizes
        wrong = np.concatenate(
            [
                self.image[(sizes != size[self.image]).any(axis=1)],
                self.truth_image[(truth_sizes != size[self.truth_image]).any(axis=1)],
            ]
        )
        if len(wrong):
            raise ValueError(f"all masks of an image must have its size; image number {wrong[0]} has several")


def given(column: np.ndarray | None) -> np.ndarray:
    """A column that is there by now: `read_lists` and `DetectionArrays` fill in what may be left out."""
    assert column is not None
    return column


def _boxes(values: np.ndarray, name: str) -> np.ndarray:
    """Checked (N, 4) xywh, float64."""
    boxes = np.ascontiguousarray(as_array(values, name), np.float64)
    boxes = boxes.reshape(0, 4) if boxes.size == 0 else boxes
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"{name} must be (N, 4) xywh; got {boxes.shape}")
    if not ((np.abs(boxes) <= LARGEST).all() and (boxes[:, 2:] >= 0).all()):
        row = int(np.argmin((np.abs(boxes) <= LARGEST).all(axis=1) & (boxes[:, 2:] >= 0).all(axis=1)))
        raise ValueError(
            f"{name} must hold finite numbers, at most {LARGEST:g}, and no negative size; "
            f"row {row} is {boxes[row].tolist()}"
        )
    return boxes


def _numbers(values: np.ndarray, name: str, count: int, below: int) -> np.ndarray:
    """Checked (N,) in 0..below - 1, int32."""
    numbers = as_array(values, name)
    numbers = numbers.astype(np.int64) if numbers.size == 0 else numbers
    if numbers.shape != (count,) or numbers.dtype.kind not in "iu":
        raise ValueError(f"{name} must be ({count},) whole numbers; got {numbers.shape} {numbers.dtype}")
    if count and not (numbers.min() >= 0 and numbers.max() < below):
        raise ValueError(f"{name} must lie in 0..{below - 1}; got {numbers.min()}..{numbers.max()}")
    return np.ascontiguousarray(numbers, np.int32)


def _column(values: np.ndarray, name: str, count: int) -> np.ndarray:
    """Checked (N,) without NaN, float64."""
    column = np.ascontiguousarray(as_array(values, name), np.float64)
    if column.shape != (count,):
        raise ValueError(f"{name} must be ({count},), one for each box; got {column.shape}")
    if np.isnan(column).any():
        raise ValueError(f"{name} must not be NaN; row {int(np.argmax(np.isnan(column)))} is")
    return column
