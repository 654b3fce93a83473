"""Which detections are right by PASCAL VOC's rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from seeing.metrics.detection_arrays import given
from seeing.metrics.detection_lists import read_lists


@dataclass
class Ranking:
    """All detections that count, n of them, best first, and all truths that count, m of them.

    Attributes:
        images: how many there are.
        image, label, score, right: (n,) each, of the detections; right is bool.
        truth_image, truth_label: (m,) each, of the truths.
    """

    images: int
    image: np.ndarray
    label: np.ndarray
    score: np.ndarray
    right: np.ndarray
    truth_image: np.ndarray
    truth_label: np.ndarray

    @classmethod
    def join(cls, parts: Sequence[Ranking]) -> Ranking:
        """The parts as if their images had come in one go."""
        parts = [rank_detections([], [], 0.5, False), *parts]
        offset = np.cumsum([0, *(p.images for p in parts)])
        columns = {f.name: [getattr(p, f.name) for p in parts] for f in fields(cls) if f.name != "images"}
        for name in ("image", "truth_image"):
            columns[name] = [c + n for c, n in zip(columns[name], offset[:-1], strict=True)]
        return cls(int(offset[-1]), **{name: np.concatenate(c) for name, c in columns.items()})._sorted()

    def labels(self) -> list[int]:
        """The classes of detections and truths, ascending."""
        return np.union1d(self.label, self.truth_label).tolist()

    def total(self) -> int:
        """Truths that should be found."""
        return len(self.truth_label)

    def of_class(self, label: int) -> Ranking:
        """The detections and truths of one class."""
        return self._take(np.flatnonzero(self.label == label), np.flatnonzero(self.truth_label == label))

    def draw(self, copies: np.ndarray) -> Ranking:
        """With each image as often as (images,) `copies` says."""
        chosen = np.repeat(np.arange(len(self.image)), copies[self.image])
        return self._take(chosen, np.repeat(np.arange(len(self.truth_image)), copies[self.truth_image]))

    def _sorted(self) -> Ranking:
        return self._take(np.argsort(-self.score, kind="stable"), np.arange(len(self.truth_label)))

    def _take(self, detections: np.ndarray, truths: np.ndarray) -> Ranking:
        return Ranking(
            self.images,
            self.image[detections],
            self.label[detections],
            self.score[detections],
            self.right[detections],
            self.truth_image[truths],
            self.truth_label[truths],
        )


def rank_detections(
    detections: Sequence[Mapping[str, Any]],
    truths: Sequence[Mapping[str, Any]],
    iou_threshold: float,
    inclusive: bool,
    names: tuple[str, str] = ("detections", "truths"),
) -> Ranking:
    """The detections best first, and whether each is right; arguments as `voc_ap`, which errors call by `names`."""
    candidates, objects = read_lists(detections, truths, ("difficult",), names)
    difficult = objects.others["difficult"]
    hard = np.zeros(len(objects.box), bool) if difficult is None else difficult != 0
    label, truth_label, score = given(candidates.label), given(objects.label), given(candidates.others["scores"])
    nearest, overlap = np.full(len(candidates.box), -1), np.zeros(len(candidates.box))
    starts = np.searchsorted(candidates.image, np.arange(candidates.images + 1))
    truth_starts = np.searchsorted(objects.image, np.arange(candidates.images + 1))
    for i in range(candidates.images):
        rows, columns = slice(*starts[i : i + 2]), slice(*truth_starts[i : i + 2])
        if candidates.box[rows].size and objects.box[columns].size:
            iou = overlaps(candidates.box[rows], objects.box[columns], inclusive)
            iou[label[rows, None] != truth_label[columns]] = -1.0
            nearest[rows], overlap[rows] = iou.argmax(axis=1) + columns.start, iou.max(axis=1)

    order = np.argsort(-score, kind="stable")
    claims = order[overlap[order] >= iou_threshold]
    counts = np.ones(len(order), bool)
    counts[claims[hard[nearest[claims]]]] = False  # it found a difficult truth: neither right nor wrong
    _, first = np.unique(nearest[claims], return_index=True)
    right = np.zeros(len(order), bool)
    right[claims[first]] = True  # the best detection that claims a truth has found it; the others repeat it
    kept = order[counts[order]]
    return Ranking(
        candidates.images,
        candidates.image[kept],
        label[kept],
        score[kept],
        right[kept],
        objects.image[~hard],
        truth_label[~hard],
    )


def overlaps(a: np.ndarray, b: np.ndarray, inclusive: bool) -> np.ndarray:
    """(N, M) IoU of (N, 4) with (M, 4) xyxy boxes; where both are without area, 0."""
    more = 1.0 if inclusive else 0.0
    sides = np.minimum(a[:, None, 2:], b[:, 2:]) - np.maximum(a[:, None, :2], b[:, :2]) + more  # (N, M, 2)
    both = sides.clip(min=0).prod(axis=2)
    area, other = ((box[:, 2:] - box[:, :2] + more).prod(axis=1) for box in (a, b))
    return np.divide(both, area[:, None] + other - both, out=np.zeros_like(both), where=both > 0)
