"""The best anchors of each class: a compiled twin of the sort in `seeing.ops.best_candidates`."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit


def best_candidates(scores: Tensor, threshold: float, most: int, first: int) -> tuple[Tensor, Tensor, Tensor]:
    """Of each class from `first` on, the `most` anchors with the highest scores over a threshold.

    Args:
        scores: (N, C) float32 or float64, of N anchors and C classes.
        threshold: candidates score over this.
        most: candidates of each class, at most; at least 0. Of equal scores the first anchors are taken.
        first: the classes before it are no candidates.

    Returns:
        Score, class and anchor of the candidates: (K,) as scores, int64, int64; class after class, and within each in
        the order of the anchors.
    """
    values = scores.detach().contiguous().numpy()
    # As torch compares: the threshold in the scores' own precision.
    found = _best_candidates(values, values.dtype.type(threshold), most, first)
    score, label, anchor = (torch.from_numpy(part) for part in found)
    return score, label, anchor


@jit
def _best_candidates(scores, threshold, most, first):
    """First all that pass, sorted into one list for each class; then of each list the best."""
    count, classes = scores.shape
    found = np.zeros(classes, np.int64)
    for i in range(count):
        row = scores[i]
        for k in range(classes):
            found[k] += row[k] > threshold

    # One spare place behind each list: every score is written, and stays if it passes.
    begin = np.cumsum(found + 1) - (found + 1)
    end = begin.copy()
    values = np.empty(found.sum() + classes, scores.dtype)
    anchors = np.empty(len(values), np.int64)
    for i in range(count):
        row = scores[i]
        for k in range(classes):
            values[end[k]] = row[k]
            anchors[end[k]] = i
            end[k] += row[k] > threshold

    labels = np.empty(len(values), np.int64)
    kept = 0
    for k in range(first, classes):
        lowest, ties = threshold, 0
        if found[k] > most:
            if most == 0:
                continue
            # A partition, in linear time, finds the lowest score to keep.
            ranked = np.partition(values[begin[k] : end[k]], found[k] - most)[found[k] - most :]
            lowest = ranked[0]
            ties = most - np.sum(ranked > lowest)
        for i in range(begin[k], end[k]):
            tie = ties > 0 and values[i] == lowest
            if tie or values[i] > lowest:
                # Never ahead of i, so nothing unread is overwritten.
                values[kept], labels[kept], anchors[kept] = values[i], k, anchors[i]
                kept += 1
                ties -= tie
    return values[:kept], labels[:kept], anchors[:kept]
