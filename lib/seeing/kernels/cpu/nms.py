"""Greedy non-maximum suppression on the CPU: a few sweeps, then a grid that finds a box's likely suppressors.

A *sweep* compares one kept box with all boxes after it, many at a time. That is fastest while few boxes are kept.

The *grid* holds the kept boxes, so that a candidate meets only those near it and of about its size. Let IoU > t. Along
either axis the intervals of the two boxes then have a 1-D IoU over t as well. For lengths v and w, this means

    t w < v < w / t      and      distance of the centres < (v + w) (1 - t) / (2 (1 + t)).

So boxes are filed by the logarithms of both sides and, in steps that grow with the sides, by their centre. All sizes
are relative: the grid needs no extent and no typical size, and neither a far-away box nor a huge one spoils it.
Only so many boxes fit into a cell without suppressing each other, so the time grows as the number of boxes does.
"""

from __future__ import annotations

import math
from collections import namedtuple

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit

SWEEPS = 64
"""How many kept boxes are swept before the grid is built."""
SMALL = 256
"""Up to so many boxes are only swept."""
WIDEST = 0.2
"""Under this threshold suppressors may be anywhere and of any size: boxes are only swept."""
TINIEST, HUGEST = 1e-30, 1e30
"""Between these areas, products and sums in float32 keep their relative accuracy."""
FINEST = 0.95
"""A threshold over this counts as this in the grid's geometry, which then has room for rounding."""

Levels = namedtuple("Levels", "per_log span middle lengths cells_per_pixel longest reach")
"""The grid's geometry: levels per unit of log(length); levels between a length and its longest match; where level 0
stands in the two tables; the length at which each level begins; cells per pixel in each level; the length of the
longest match in lengths; the greatest distance of two centres in sums of both lengths."""


def nms(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor | None:
    """The kept indices, by falling score; None if a box is not proper or a score is NaN.

    Args:
        boxes: (N, 4), float32 or float64.
        scores: (N,), as boxes.
        threshold: a box goes if its IoU with a kept one, computed in the boxes' dtype, is over this double.
    """
    keep = _nms(boxes.contiguous().numpy(), scores.contiguous().numpy(), threshold)
    return None if keep is None else torch.from_numpy(keep)


def batched_nms(boxes: Tensor, scores: Tensor, idxs: Tensor, threshold: float) -> Tensor | None:
    """As `nms`, within each category of `idxs`, (N,) int64 of any values."""
    keep = _batched_nms(boxes.contiguous().numpy(), scores.contiguous().numpy(), idxs.contiguous().numpy(), threshold)
    return None if keep is None else torch.from_numpy(keep)


@jit
def _nms(boxes, scores, threshold):
    order, known = _by_falling_score(scores)
    columns, proper = _columns(boxes, order)
    if not (known and proper):
        return None
    dead = np.zeros(len(boxes), np.bool_)
    _suppress(columns, 0, len(boxes), threshold, dead)
    return order[~dead]


@jit
def _batched_nms(boxes, scores, idxs, threshold):
    n = len(boxes)
    order, known = _by_falling_score(scores)
    grouped = _sorted_by(idxs.view(np.uint64), order.copy())  # within a category the best still comes first
    columns, proper = _columns(boxes, grouped)
    if not (known and proper):
        return None
    dead = np.zeros(n, np.bool_)
    start = 0
    for stop in range(1, n + 1):
        if stop == n or idxs[grouped[stop]] != idxs[grouped[start]]:
            _suppress(columns, start, stop, threshold, dead)
            start = stop
    alive = np.empty(n, np.bool_)
    for place in range(n):
        alive[grouped[place]] = not dead[place]
    return order[alive[order]]


@jit
def _by_falling_score(scores):
    """The indices by falling score, the first of equals first; is no score NaN?"""
    wide = scores.astype(np.float64) + 0.0  # exact; -0.0 becomes 0.0, its equal
    bits = wide.view(np.int64)
    keys = np.empty(len(bits), np.uint64)
    known = True
    for i in range(len(bits)):
        known &= wide[i] == wide[i]
        # The bits of floats rise with their size: turned around for positive ones, they rank from best to worst.
        keys[i] = np.uint64(bits[i] ^ 0x7FFFFFFFFFFFFFFF if bits[i] >= 0 else bits[i])
    return _sorted_by(keys, np.arange(len(bits))), known


@jit
def _sorted_by(keys, order):
    """`order` stably sorted by the keys of its indices: a counting sort for each byte in which keys differ."""
    varying = np.uint64(0)
    for key in keys:
        varying |= key ^ keys[0]
    spare = np.empty_like(order)
    starts = np.empty(257, np.int64)
    low_byte = np.uint64(255)
    for bit in range(0, 64, 8):
        shift = np.uint64(bit)
        if (varying >> shift) & low_byte == 0:
            continue
        starts[:] = 0
        for key in keys:
            starts[np.int64((key >> shift) & low_byte) + 1] += 1
        for byte in range(256):
            starts[byte + 1] += starts[byte]
        for index in order:
            digit = np.int64((keys[index] >> shift) & low_byte)
            spare[starts[digit]] = index
            starts[digit] += 1
        order, spare = spare, order
    return order


@jit
def _columns(boxes, order):
    """x1, y1, x2, y2 and area in this order, a row each, so that a sweep reads contiguous memory; are all proper?"""
    columns = np.empty((5, len(order)), boxes.dtype)
    proper = True
    for place in range(len(order)):
        box = boxes[order[place]]
        x1, y1, x2, y2 = box[0], box[1], box[2], box[3]
        proper &= (x2 >= x1) & (y2 >= y1)  # False for NaN too
        columns[0, place], columns[1, place], columns[2, place], columns[3, place] = x1, y1, x2, y2
        columns[4, place] = (x2 - x1) * (y2 - y1)
    return columns, proper


@jit
def _suppress(columns, start, stop, threshold, dead):
    """Mark in `dead` what greedy suppression removes from the places start to stop."""
    # A float is over a double exactly if it is over the largest float that the double reaches.
    limit = columns.dtype.type(threshold)
    if np.float64(limit) > threshold:
        limit = np.nextafter(limit, columns.dtype.type(-np.inf))
    # Centres are doubles: exact enough for float32 corners, but not for corners that are doubles themselves.
    fits = columns.itemsize == 4 and stop - start > SMALL and threshold >= WIDEST
    if fits:
        for area in columns[4, start:stop]:
            fits &= area == 0 or TINIEST <= area <= HUGEST
    rest = _sweep(columns, start, stop, limit, dead, SWEEPS if fits else stop - start)
    if rest < stop:
        _search_grid(columns, rest, stop, limit, min(threshold, FINEST), dead)


@jit
def _sweep(columns, start, stop, limit, dead, sweeps):
    """Let the first boxes suppress what comes after them; the place where to go on, `stop` if all is done."""
    zero = columns.dtype.type(0)
    for i in range(start, stop):
        if dead[i]:
            continue
        if sweeps == 0:
            return i
        sweeps -= 1
        left, top, right, bottom, own_area = columns[0, i], columns[1, i], columns[2, i], columns[3, i], columns[4, i]
        x1, y1, x2 = columns[0, i + 1 : stop], columns[1, i + 1 : stop], columns[2, i + 1 : stop]
        y2, area, gone = columns[3, i + 1 : stop], columns[4, i + 1 : stop], dead[i + 1 : stop]
        for j in range(len(gone)):
            width = min(right, x2[j]) - max(left, x1[j])
            height = min(bottom, y2[j]) - max(top, y1[j])
            inter = (width if width > zero else zero) * (height if height > zero else zero)
            gone[j] |= inter / (own_area + area[j] - inter) > limit  # 0 / 0 is over no limit
    return stop


@jit
def _search_grid(columns, start, stop, limit, threshold, dead):
    """Decide the places from start on; no kept box before start suppresses one of them.

    A list of kept boxes hangs on each slot of a hash table. Two cells may share a slot, which costs time only.
    """
    levels = _levels(threshold)
    slots = 64
    while slots < 2 * (stop - start):
        slots *= 2
    heads, nexts = np.full(slots, -1, np.int32), np.empty(stop - start, np.int32)
    kept, count = np.empty((stop - start, 5), columns.dtype), 0
    lists = (heads, nexts, kept)
    for i in range(start, stop):
        if dead[i] or columns[4, i] == 0:  # without area, no IoU is over the threshold
            continue
        box = (columns[0, i], columns[1, i], columns[2, i], columns[3, i], columns[4, i])
        x, y = _interval(box[0], box[2], levels), _interval(box[1], box[3], levels)
        x_level, y_level = math.floor(x[2]), math.floor(y[2])
        home = _slot(x_level, y_level, _cell(x[0], x_level, levels), _cell(y[0], y_level, levels), slots)
        if _meets(box, lists, home, limit) or _meets_near(box, x, y, levels, lists, limit):
            dead[i] = True
            continue
        for k in range(5):
            kept[count, k] = box[k]
        nexts[count], heads[home] = heads[home], count
        count += 1


@jit
def _levels(threshold):
    t = threshold * (1 - 1e-5)  # a computed IoU may be over the true one by some 1e-6
    spacing = max(-2 * math.log(t), 0.2)
    middle = int(104 / spacing) + 3  # lengths in float32 lie between exp(-104) and exp(89)
    lengths = np.exp(spacing * np.arange(-middle, middle + 1))
    reach = (1 - t) / (2 * (1 + t)) * (1 + 1e-5)
    return Levels(
        1 / spacing, -math.log(t) / spacing + 1e-6, middle, lengths, t / (2 * (1 - t)) / lengths, 1 / t, reach
    )


@jit
def _meets_near(box, x, y, levels, lists, limit):
    """Whether a kept box in any cell within reach suppresses this one."""
    slots = len(lists[0])
    for y_level in range(math.floor(y[2] - levels.span), math.floor(y[2] + levels.span) + 1):
        y_reach = _reach(y, y_level, levels)
        first_row, last_row = _cell(y[0] - y_reach, y_level, levels), _cell(y[0] + y_reach, y_level, levels)
        for x_level in range(math.floor(x[2] - levels.span), math.floor(x[2] + levels.span) + 1):
            x_reach = _reach(x, x_level, levels)
            first, last = _cell(x[0] - x_reach, x_level, levels), _cell(x[0] + x_reach, x_level, levels)
            for row in range(first_row, last_row + 1):
                for column in range(first, last + 1):
                    if _meets(box, lists, _slot(x_level, y_level, column, row, slots), limit):
                        return True
    return False


@jit
def _meets(box, lists, slot, limit):
    """Whether a kept box in this slot's list suppresses this one."""
    heads, nexts, kept = lists
    zero = kept.dtype.type(0)
    k = heads[slot]
    while k >= 0:
        width = min(box[2], kept[k, 2]) - max(box[0], kept[k, 0])
        height = min(box[3], kept[k, 3]) - max(box[1], kept[k, 1])
        inter = (width if width > zero else zero) * (height if height > zero else zero)
        if inter / (kept[k, 4] + box[4] - inter) > limit:
            return True
        k = nexts[k]
    return False


@jit
def _interval(low, high, levels):
    """Centre, length and (fractional) level of one side."""
    length = np.float64(high) - np.float64(low)
    return (np.float64(low) + np.float64(high)) * 0.5, length, math.log(length) * levels.per_log


@jit
def _reach(interval, level, levels):
    """How far off the centre of a suppressor may lie whose length is of this level."""
    longest = min(levels.lengths[level + 1 + levels.middle], interval[1] * levels.longest)
    return (interval[1] + longest) * levels.reach


@jit
def _cell(position, level, levels):
    """The number of the cell along one axis."""
    return math.floor(position * levels.cells_per_pixel[level + levels.middle])


@jit
def _slot(x_level, y_level, column, row, slots):
    """Where a cell hangs; the cells of one row lie side by side in memory."""
    return (x_level * 19349663 + y_level * 73856093 + row * 83492791 + column) & (slots - 1)
