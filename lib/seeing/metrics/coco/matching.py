"""Which detection found which truth: COCO's greedy matching, one image and class at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from seeing.kernels import backend
from seeing.metrics.coco.criteria import CocoCriteria
from seeing.metrics.detection_arrays import DetectionArrays, given


@dataclass
class Matches:
    """All that a set of images adds to the curves, in the order of the images; the boxes are no longer needed.

    A cell is an IoU threshold with an area range; bit t * A + a of a word stands for threshold t of that word in
    range a.

    Attributes:
        images: how many there are.
        categories: (K,) ascending: what the classes are called outside.
        image, label, score, rank: (N,) each: of the detections; the rank counts from 0 in each image and class.
        hit: (N,) int64 for each word: the cells where it found a truth that counts.
        skip: (N,) int64 for each word: the cells where it is neither right nor wrong: a crowd, or outside the area
            range.
        truth_image, truth_label: (G,) each: of the truths.
        truth_counts: (G, A) bool: in which area ranges a truth counts.
    """

    images: int
    categories: np.ndarray
    image: np.ndarray
    label: np.ndarray
    score: np.ndarray
    rank: np.ndarray
    hit: list[np.ndarray]
    skip: list[np.ndarray]
    truth_image: np.ndarray
    truth_label: np.ndarray
    truth_counts: np.ndarray

    @classmethod
    def join(cls, parts: Sequence[Matches]) -> Matches:
        """The parts one after the other, as if their images had come in one go; a class has one name in all."""
        if len(parts) == 1:
            return parts[0]
        categories = np.unique(np.concatenate([p.categories for p in parts]))
        offset = np.cumsum([0, *(p.images for p in parts)])
        renumber = [np.searchsorted(categories, p.categories).astype(np.int32) for p in parts]
        columns = {name: [getattr(p, name) for p in parts] for name in ("score", "rank", "truth_counts")}
        for name in ("image", "truth_image"):
            columns[name] = [getattr(p, name) + np.int32(n) for p, n in zip(parts, offset[:-1], strict=True)]
        for name in ("label", "truth_label"):
            columns[name] = [r[getattr(p, name)] for p, r in zip(parts, renumber, strict=True)]
        joined = {name: np.concatenate(values) for name, values in columns.items()}
        return cls(
            images=int(offset[-1]),
            categories=categories,
            hit=[np.concatenate(word) for word in zip(*(p.hit for p in parts), strict=True)],
            skip=[np.concatenate(word) for word in zip(*(p.skip for p in parts), strict=True)],
            **joined,
        )


def match_detections(arrays: DetectionArrays, criteria: CocoCriteria) -> Matches:
    """COCO's greedy matching at every threshold and in every area range.

    In each image and class the detections come best first. Each takes the truth it overlaps most among those that
    are left and that count; only where there is none, one that does not count: a crowd, which is never used up, or
    a truth outside the area range. Of two equal overlaps the later truth is taken. A detection that found no truth
    that counts is ignored, rather than wrong, if what it took does not count, or if it took nothing and its own area
    is outside the range.

    Source: Lin et al., Microsoft COCO (2014), section 5, and the evaluation code published with it.
    """
    least, most = criteria.areas.T
    truth_area = given(arrays.truth_area)[:, None]
    in_range = (truth_area >= least) & (truth_area <= most)
    counts = in_range & ~given(arrays.truth_crowd)[:, None]  # (G, A)
    if backend(torch.empty(0)) == "numba":
        parts = [_match_numba(arrays, criteria, word) for word in criteria.words]
    else:
        parts = [_match_reference(arrays, criteria, word, counts) for word in criteria.words]
    index, rank = parts[0][:2]
    return Matches(
        arrays.images,
        given(arrays.categories),
        arrays.image[index],
        arrays.label[index],
        arrays.score[index],
        rank,
        [hit for *_, hit, _ in parts],
        [skip for *_, skip in parts],
        arrays.truth_image,
        arrays.truth_label,
        counts,
    )


def _match_numba(
    arrays: DetectionArrays, criteria: CocoCriteria, thresholds: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """`_match_reference` compiled."""
    from seeing.kernels.cpu.coco import match as twin

    none = np.empty(0, np.int64)
    runs = (none, none, none, none)
    if arrays.masks is not None and arrays.truth_masks is not None:
        runs = (arrays.masks.lengths, arrays.masks.start, arrays.truth_masks.lengths, arrays.truth_masks.start)
    return twin(
        (arrays.image, arrays.label, arrays.score, arrays.area, arrays.box),
        (arrays.truth_image, arrays.truth_label, arrays.truth_area, arrays.truth_crowd, arrays.truth_box),
        runs,
        thresholds,
        criteria.areas,
        arrays.images,
        len(given(arrays.categories)),
        min(int(criteria.max_detections[-1]), len(arrays.score)),
        arrays.lost,
    )


def _match_reference(
    arrays: DetectionArrays, criteria: CocoCriteria, thresholds: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The detections looked at: their index, their rank, and the cells where they hit and where they are ignored."""
    areas = criteria.areas
    area, crowd = given(arrays.area), given(arrays.truth_crowd)
    matched: list[tuple[np.ndarray, ...]] = []
    for detections, truths in _groups(arrays):
        best_first = detections[np.argsort(-arrays.score[detections], kind="stable")]
        chosen = best_first[: criteria.max_detections[-1]]
        overlaps = _overlaps(arrays, chosen, truths)
        hit = np.zeros((len(chosen), len(thresholds), len(areas)), bool)
        skip = np.zeros_like(hit)
        for t, threshold in enumerate(thresholds):
            for a, (least, most) in enumerate(areas):
                took = take_truths(overlaps, threshold, counts[truths, a], crowd[truths])
                right = np.append(counts[truths, a], False)[took]
                lost = np.append(truths, -1)[took] == arrays.lost if arrays.lost >= 0 else np.zeros(len(took), bool)
                far = (area[chosen] < least) | (area[chosen] > most)
                hit[:, t, a] = right & ~lost
                skip[:, t, a] = ((took >= 0) & ~right) | (far & ((took < 0) | (right & lost)))
        matched.append((chosen, np.arange(len(chosen), dtype=np.int32), pack(hit), pack(skip)))
    nothing = (np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64))
    index, rank, hit, skip = (np.concatenate(column) for column in zip(nothing, *matched, strict=True))
    return index, rank, hit, skip


def take_truths(overlaps: np.ndarray, threshold: float, counts: np.ndarray, crowd: np.ndarray) -> np.ndarray:
    """One image, one class, one threshold: which truth each detection takes.

    Args:
        overlaps: (D, G) IoU, the best detection first.
        threshold: the least overlap that counts as found.
        counts: (G,) bool, the truths that should be found.
        crowd: (G,) bool, the truths that several detections may take; none of them counts.

    Returns:
        (D,) int64 index of the truth, -1 where it takes none.
    """
    left = np.ones(overlaps.shape[1], bool)
    took = np.full(len(overlaps), -1)
    for d, overlap in enumerate(overlaps):
        allowed = (overlap >= threshold) & (left | crowd)
        if (allowed & counts).any():
            allowed &= counts
        if allowed.any():
            took[d] = np.flatnonzero(allowed & (overlap == overlap[allowed].max()))[-1]
            left[took[d]] = False
    return took


def _groups(arrays: DetectionArrays) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The detections and the truths of each image and class that has a detection."""
    classes = len(given(arrays.categories))
    key = arrays.image.astype(np.int64) * classes + arrays.label
    truth_key = arrays.truth_image.astype(np.int64) * classes + arrays.truth_label
    order, truth_order = np.argsort(key, kind="stable"), np.argsort(truth_key, kind="stable")
    for group in np.unique(key):
        low, high = np.searchsorted(key, [group, group + 1], sorter=order)
        first, last = np.searchsorted(truth_key, [group, group + 1], sorter=truth_order)
        yield order[low:high], truth_order[first:last]


def _overlaps(arrays: DetectionArrays, detections: np.ndarray, truths: np.ndarray) -> np.ndarray:
    """(D, G) IoU; with a crowd, the share of the detection that lies in it."""
    if arrays.masks is None or arrays.truth_masks is None:
        box, truth = arrays.box[detections][:, None], arrays.truth_box[truths]  # (D, 1, 4) and (G, 4)
        end, truth_end = box[..., :2] + box[..., 2:], truth[..., :2] + truth[..., 2:]
        sides = np.minimum(end, truth_end) - np.maximum(box[..., :2], truth[..., :2])
        both = sides.clip(min=0).prod(axis=-1)
        size, truth_size = box[..., 2:].prod(axis=-1), truth[..., 2:].prod(axis=-1)
    elif len(truths):
        masks = np.stack([arrays.masks.decode(i).ravel() for i in detections]).astype(np.float64)
        truth = np.stack([arrays.truth_masks.decode(i).ravel() for i in truths]).astype(np.float64)
        both = masks @ truth.T
        size, truth_size = masks.sum(axis=1)[:, None], truth.sum(axis=1)
    else:
        return np.zeros((len(detections), 0))
    union = np.where(given(arrays.truth_crowd)[truths], size, size + truth_size - both)
    return np.divide(both, union, out=np.zeros_like(both), where=both > 0)


def pack(cells: np.ndarray) -> np.ndarray:
    """(N, T, A) bool as N words."""
    bits = cells.reshape(len(cells), -1)
    return (bits.astype(np.int64) << np.arange(bits.shape[1])).sum(axis=1)


def unpack(words: np.ndarray, thresholds: int, areas: int) -> np.ndarray:
    """The inverse of `pack`: (N,) words as (N, T, A) bool."""
    bits = (words[:, None] >> np.arange(thresholds * areas)) & 1
    return bits.astype(bool).reshape(-1, thresholds, areas)
