"""The event that each forecast speaks of and whether it happened, in one pass that also checks the forecasts."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit

LANES = 32
"""Partial sums of a row that are added side by side, as the processor can."""

NARROW = 64
"""Rows of fewer classes are faster read one number at a time."""


def top_label(probabilities: Tensor, labels: Tensor) -> tuple[Tensor, Tensor] | None:
    """As `seeing.metrics.forecasts.event` for (N, K), which has checked all but the values.

    Args:
        probabilities: (N, K) float32 or float64.
        labels: (N,) integers.

    Returns:
        The confidences, (N,) of the input's type, and the hits, (N,) bool. None if the values are not plain
        probabilities and labels: the op then says what is wrong, or handles what is merely rare, such as -0.0.
    """
    rows = probabilities.detach().contiguous().numpy()
    # The bits of a number from 0 up, read as an integer, have its order; those of a negative one or NaN lie above 1's.
    # Whole numbers may be compared in any order, many at a time, where a maximum of floats must look out for NaN.
    whole = np.uint32 if rows.dtype == np.float32 else np.uint64
    confidence = torch.empty(len(rows), dtype=probabilities.dtype)
    hit = torch.empty(len(rows), dtype=torch.bool)
    scan = _scan_narrow if rows.shape[1] < NARROW else _scan
    plain = scan(
        rows,
        rows.view(whole),
        labels.contiguous().numpy(),
        rows.dtype.type(1).view(whole),
        confidence.numpy().view(whole),
        hit.numpy(),
        np.empty(LANES, rows.dtype),
    )
    return (confidence, hit) if plain else None


def binary_hits(probabilities: Tensor, labels: Tensor) -> Tensor | None:
    """Which labels are 1, as in `seeing.metrics.forecasts.event` for (N,), which has checked all but the values.

    Args:
        probabilities: (N,) float32 or float64.
        labels: (N,) integers or bool.

    Returns:
        (N,) bool, or None as in `top_label`.
    """
    values = probabilities.detach().contiguous().numpy()
    whole = np.uint32 if values.dtype == np.float32 else np.uint64
    hit = torch.empty(len(values), dtype=torch.bool)
    plain = _check(values.view(whole), labels.contiguous().numpy(), values.dtype.type(1).view(whole), hit.numpy())
    return hit if plain else None


@jit
def _check(bits, labels, one, hit):
    bad = False
    for i in range(len(bits)):  # without a way out, so that many are looked at side by side
        bad |= (bits[i] > one) | (labels[i] < 0) | (labels[i] > 1)
        hit[i] = labels[i] == 1
    return not bad


@jit
def _scan_narrow(rows, bits, labels, one, confidence, hit, _):
    """As `_scan`."""
    count, classes = rows.shape
    for i in range(count):
        label = np.int64(labels[i])
        if label < 0 or label >= classes:
            return False
        top, place, total = bits[i, 0], 0, rows[i, 0]
        for j in range(1, classes):
            total += rows[i, j]
            if bits[i, j] > top:
                top, place = bits[i, j], j
        if top > one or not abs(total - 1) <= 1e-3:
            return False
        confidence[i] = top
        hit[i] = place == label
    return True


@jit
def _row_sum(row, lanes):
    total = row.dtype.type(0)
    width = len(lanes)
    end = len(row) // width * width
    if end:
        lanes[:] = 0
        for start in range(0, end, width):
            part = row[start : start + width]
            for i in range(width):
                lanes[i] += part[i]
        for i in range(width):
            total += lanes[i]
    for j in range(end, len(row)):
        total += row[j]
    return total


@jit
def _scan(rows, bits, labels, one, confidence, hit, lanes):
    """Fill confidence (as bits) and hit; False if a row or a label is not plain."""
    for i in range(len(rows)):
        label = np.int64(labels[i])
        if label < 0 or label >= rows.shape[1]:
            return False
        row = bits[i]
        top = row[0]
        for j in range(len(row)):
            top = max(top, row[j])
        if top > one or not abs(_row_sum(rows[i], lanes) - 1) <= 1e-3:
            return False
        confidence[i] = top
        before = 0
        if row[label] == top:  # and no class before it is as likely
            for j in range(label):
                before += row[j] == top
        hit[i] = row[label] == top and before == 0
    return True
