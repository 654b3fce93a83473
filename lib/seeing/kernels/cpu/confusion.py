"""The confusion matrix in one pass over the pixels."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit


def confusion_matrix(prediction: Tensor, target: Tensor, num_classes: int, ignore_index: int | None) -> Tensor | None:
    """As `seeing.metrics.confusion_matrix`, which has checked all but the labels.

    Args:
        prediction: integers.
        target: integers, as many.
        num_classes: K.
        ignore_index: the void label, or None.

    Returns:
        (K, K) int64, or None if a label is out of range.
    """
    tables = np.zeros((2, num_classes * num_classes), np.int64)
    void = -1 if ignore_index is None else ignore_index
    guess, truth = (labels.reshape(-1).contiguous().numpy() for labels in (prediction, target))
    if not _count(guess, truth, np.uint64(num_classes), void, ignore_index is not None, tables[0], tables[1]):
        return None
    return torch.from_numpy(tables.sum(0)).view(num_classes, num_classes)


@jit
def _tally(guess, truth, classes, void, has_void, table):
    """Count one pixel; False if a label is out of range."""
    if has_void and truth == void:
        return True
    row, column = np.uint64(truth), np.uint64(guess)  # a negative label becomes a huge one
    if row >= classes or column >= classes:
        return False
    table[row * classes + column] += 1
    return True


@jit
def _count(guess, truth, classes, void, has_void, first, second):
    # Neighbours often fall into the same cell, and an addition must wait for the one before it in the same cell.
    # So the two halves of the map are counted in turn, each into a table of its own.
    half = len(truth) // 2
    for i in range(half):
        if not _tally(np.int64(guess[i]), np.int64(truth[i]), classes, void, has_void, first):
            return False
        j = half + i
        if not _tally(np.int64(guess[j]), np.int64(truth[j]), classes, void, has_void, second):
            return False
    if len(truth) % 2:
        last = len(truth) - 1
        return _tally(np.int64(guess[last]), np.int64(truth[last]), classes, void, has_void, first)
    return True
