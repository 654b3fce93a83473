"""COCO's precision-recall curves: what the matches of all images add up to."""

from __future__ import annotations

import numpy as np
import torch

from seeing.kernels import backend
from seeing.metrics.coco.criteria import CocoCriteria
from seeing.metrics.coco.matching import Matches, unpack


def class_order(matches: Matches) -> tuple[np.ndarray, np.ndarray]:
    """The detections class by class, best first, and (K + 1,) where each class begins in that order.

    Equal scores keep the order of their images.
    """
    classes = len(matches.categories)
    if backend(torch.empty(0)) == "numba":
        from seeing.kernels.cpu.coco import by_class as twin

        return twin(matches.label, matches.score, classes)
    order = np.argsort(-matches.score, kind="stable")
    order = order[np.argsort(matches.label[order], kind="stable")]
    return order, np.searchsorted(matches.label[order], np.arange(classes + 1))


def draw_images(
    matches: Matches, order: np.ndarray, start: np.ndarray, copies: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The order and starts of `class_order` with each image as often as (images,) `copies` says."""
    if backend(torch.empty(0)) == "numba":
        from seeing.kernels.cpu.coco_curves import repeat as twin

        return twin(order, start, matches.image, matches.score, copies)
    copy_of = [np.flatnonzero(copies[matches.image[order]] > n) for n in range(int(copies.max(initial=0)))]
    index = np.concatenate([np.empty(0, np.int64), *copy_of])
    number = np.repeat(np.arange(len(copy_of)), [len(c) for c in copy_of])
    drawn = order[index]
    # As if each copy were an image of its own, right after the one it copies.
    sorting = np.lexsort((index, number, matches.image[drawn], -matches.score[drawn], matches.label[drawn]))
    drawn = drawn[sorting]
    return drawn, np.searchsorted(matches.label[drawn], np.arange(len(start)))


def precision_and_recall(
    matches: Matches, criteria: CocoCriteria, order: np.ndarray, start: np.ndarray, copies: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The curves of every class, threshold and area range.

    Args:
        matches: of all images.
        criteria: as in the matching.
        order: the detections class by class, best first, as `class_order` or `draw_images` gives them.
        start: (K + 1,) where each class begins in it.
        copies: (images,) how often each image counts; once if None.

    Returns:
        (A, T, R, K) precision, made non-increasing, at each of the R recalls, 0 where the recall is not reached; and
        (A, M, T, K) recall that M limits of detections a class and image reach. -1 where a class has no truth that
        counts.
    """
    totals = np.zeros((len(criteria.areas), len(matches.categories)), np.int64)
    weight = np.ones(len(matches.truth_label), np.int64) if copies is None else copies[matches.truth_image]
    for a, counts in enumerate(matches.truth_counts.T):
        np.add.at(totals[a], matches.truth_label[counts], weight[counts])
    recalls, limits = np.asarray(criteria.recalls, np.float64), np.asarray(criteria.max_detections, np.int64)
    if backend(torch.empty(0)) == "numba":
        from seeing.kernels.cpu.coco_curves import curves
    else:
        curves = _curves_reference
    words = zip(criteria.words, matches.hit, matches.skip, strict=True)
    parts = [
        curves(order, start, matches.rank, hit, skip, totals, len(word), recalls, limits) for word, hit, skip in words
    ]
    precision, recall = zip(*parts, strict=True)
    return np.concatenate(precision, axis=1), np.concatenate(recall, axis=2)


def _curves_reference(
    order: np.ndarray,
    start: np.ndarray,
    rank: np.ndarray,
    hit: np.ndarray,
    skip: np.ndarray,
    totals: np.ndarray,
    thresholds: int,
    recalls: np.ndarray,
    limits: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The curves of one word of thresholds, class after class and cell after cell."""
    areas, classes = totals.shape
    precision = np.full((areas, thresholds, len(recalls), classes), -1.0)
    recall = np.full((areas, len(limits), thresholds, classes), -1.0)
    for k in range(classes):
        of_class = order[start[k] : start[k + 1]]
        right = unpack(hit[of_class], thresholds, areas)  # (n, T, A)
        wrong = ~right & ~unpack(skip[of_class], thresholds, areas)
        within = rank[of_class, None] < limits  # (n, M)
        for a in np.flatnonzero(totals[:, k]):
            for t in range(thresholds):
                precision[a, t, :, k] = sample_precision(right[:, t, a], wrong[:, t, a], totals[a, k], recalls)
                recall[a, :, t, k] = (right[:, t, a, None] & within).sum(axis=0) / totals[a, k]
    return precision, recall


def sample_precision(right: np.ndarray, wrong: np.ndarray, total: int, recalls: np.ndarray) -> np.ndarray:
    """The precision of one ranked list at each recall.

    Args:
        right: (n,) bool, best detection first: whether it found a truth that counts.
        wrong: (n,) bool; where a detection is ignored, neither is set.
        total: truths that should be found, at least 1.
        recalls: (R,) ascending.

    Returns:
        (R,) the best precision at this recall or any higher one, 0 where the list does not reach it.
    """
    true_positives = np.cumsum(right)
    precision = true_positives / (true_positives + np.cumsum(wrong) + np.spacing(1))
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    index = np.searchsorted(true_positives / total, recalls, side="left")
    return np.append(envelope, 0.0)[index]
