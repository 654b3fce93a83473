"""COCO's matching for all thresholds and area ranges at once, and the order of the precision-recall curves.

One bit of an int64 word stands for each cell, a threshold with an area range: bit t * A + a is threshold t in range a,
and at most 63 cells fit. The thresholds that an overlap reaches are then one mask, so one pass over the truths near a
detection settles every cell.
"""

from __future__ import annotations

import numpy as np

from seeing.kernels.cpu.jit import jit

DIGIT = 11  # bits of a radix digit: a table of 2,048 counts stays in the first-level cache
SHORT = 96  # up to this length insertion beats the radix sort, which must clear its tables
SIGN = np.uint64(1 << 63)


@jit
def match(detections, truths, runs, thresholds, ranges, images, classes, limit, lost):
    """Each detection of an image and class, best first, takes the best truth that is left, in every cell.

    Args:
        detections: image (N,) ascending, label (N,), score (N,), area (N,) and box (N, 4) xywh.
        truths: image (G,) ascending, label (G,), area (G,), crowd (G,) and box (G, 4) xywh.
        runs: the run lengths of all masks and where each mask starts, first of the detections, then of the truths;
            four empty arrays where boxes are compared.
        thresholds: (T,) ascending.
        ranges: (A, 2) the least and the largest area of each range.
        images: number of images.
        classes: number of classes.
        limit: how many detections of one image and class are looked at.
        lost: index of a truth whose matches do not count, or -1.

    Returns:
        For each detection that was looked at: its index, its rank in its image and class, the cells where it found a
        truth that counts, and the cells where it counts neither as right nor as wrong.
    """
    det_image, det_label, det_score, det_area, det_box = detections
    gt_image, gt_label, gt_area, gt_crowd, gt_box = truths
    reach, column = _cells(len(thresholds), len(ranges))
    det_start, most_dets = _starts(det_image, images)
    gt_start, most_gts = _starts(gt_image, images)
    dets, gts, det_bin, gt_bin = _ints(most_dets), _ints(most_gts), _ints(classes + 1), _ints(classes + 1)
    keys, spare_keys, spare = np.empty(most_dets, np.uint64), np.empty(most_dets, np.uint64), _ints(most_dets)
    inside, used, best, level = _ints(most_gts), _ints(most_gts), _ints(most_gts), _ints(most_gts)
    left, top, right, bottom = np.empty(most_gts), np.empty(most_gts), np.empty(most_gts), np.empty(most_gts)
    size, crowd, overlap = np.empty(most_gts), np.empty(most_gts, np.bool_), np.empty(most_gts)
    tables = np.empty((6, 1 << DIGIT), np.int64)
    count = len(det_image)
    index, rank, hit, skip = _ints(count), np.empty(count, np.int32), _ints(count), _ints(count)
    kept = 0
    for i in range(images):
        if det_start[i] == det_start[i + 1]:
            continue
        _by_label(det_label, det_start[i], det_start[i + 1], det_bin, dets)
        _by_label(gt_label, gt_start[i], gt_start[i + 1], gt_bin, gts)
        for j in range(gt_start[i + 1] - gt_start[i]):
            x, y, w, h = gt_box[gts[j]]
            left[j], top[j], right[j], bottom[j], size[j] = x, y, x + w, y + h, w * h
            used[j], crowd[j] = 0, gt_crowd[gts[j]]
            inside[j] = 0 if crowd[j] else _in_range(gt_area[gts[j]], ranges, column)
        for k in range(classes):
            first, last, low, high = det_bin[k], det_bin[k + 1], gt_bin[k], gt_bin[k + 1]
            if first == last:
                continue
            if last > first + 1:
                for j in range(first, last):
                    keys[j] = _key(det_score[dets[j]])
                _sort(keys[first:last], dets[first:last], spare_keys, spare, tables)
            for j in range(first, min(last, first + limit)):
                d, near, found, ignored = dets[j], 0, 0, 0
                for g in range(low, high):
                    overlap[g] = _box_overlap(det_box, d, left[g], top[g], right[g], bottom[g], size[g], crowd[g])
                    if overlap[g] > 0 and len(runs[1]):
                        overlap[g] = _mask_overlap(runs, d, gts[g], crowd[g])
                    if overlap[g] >= thresholds[0]:
                        _insert(g, overlap, near, thresholds, best, level)
                        near += 1
                if near:
                    found, ignored = _take(near, best, level, reach, inside, used, crowd, gts, lost)
                far = reach[-1] & ~_in_range(det_area[d], ranges, column)
                index[kept], rank[kept], hit[kept], skip[kept] = d, j - first, found, ignored | (far & ~found)
                kept += 1
    return index[:kept], rank[:kept], hit[:kept], skip[:kept]


@jit
def _ints(count):
    return np.empty(count, np.int64)


@jit
def _cells(thresholds, areas):
    """The cells of the lowest t thresholds, t = 0..T, and the cells of each area range."""
    reach, column = np.zeros(thresholds + 1, np.int64), np.zeros(areas, np.int64)
    for t in range(thresholds):
        reach[t + 1] = reach[t] | (((1 << areas) - 1) << (t * areas))
        for a in range(areas):
            column[a] |= 1 << (t * areas + a)
    return reach, column


@jit
def _in_range(area, ranges, column):
    """The cells whose area range holds this area."""
    cells = 0
    for a in range(len(ranges)):
        if ranges[a, 0] <= area <= ranges[a, 1]:
            cells |= column[a]
    return cells


@jit
def _starts(sorted_keys, bins):
    """Where each bin begins in a sorted list of bin numbers, and the size of the largest."""
    start, most = np.zeros(bins + 1, np.int64), 0
    for key in sorted_keys:
        start[key + 1] += 1
    for b in range(bins):
        most = max(most, start[b + 1])
        start[b + 1] += start[b]
    return start, most


@jit
def _by_label(label, low, high, start, out):
    """The indices low..high - 1 in the order of their labels; `start` gets where each label begins in `out`."""
    start[:] = 0
    for i in range(low, high):
        start[label[i]] += 1
    total = 0
    for k in range(len(start)):
        total += start[k]
        start[k] = total
    for i in range(high - 1, low - 1, -1):  # backwards, so that equal labels keep their order
        start[label[i]] -= 1
        out[start[label[i]]] = i


@jit
def _key(score):
    """An unsigned integer that is smaller for a higher score, and the same for 0.0 and -0.0."""
    bits = np.float64(score + 0.0).view(np.uint64)
    return bits if bits & SIGN else ~(bits | SIGN)


@jit
def _sort(keys, order, spare_keys, spare, tables):
    """Stable sort of `order` by its keys, smallest first, in place."""
    count = len(order)
    if count <= SHORT:
        for i in range(1, count):
            key, value, j = keys[i], order[i], i
            while j > 0 and keys[j - 1] > key:
                keys[j], order[j] = keys[j - 1], order[j - 1]
                j -= 1
            keys[j], order[j] = key, value
        return
    tables[:] = 0
    low_bits = np.uint64((1 << DIGIT) - 1)
    for key in keys:
        for digit in range(len(tables)):
            tables[digit, (key >> np.uint64(DIGIT * digit)) & low_bits] += 1
    for digit in range(len(tables)):
        shift, table = np.uint64(DIGIT * digit), tables[digit]
        if table[(keys[0] >> shift) & low_bits] == count:  # all share this digit
            continue
        place = 0
        for b in range(len(table)):
            place, table[b] = place + table[b], place
        for i in range(count):
            spot = table[(keys[i] >> shift) & low_bits]
            table[(keys[i] >> shift) & low_bits] += 1
            spare_keys[spot], spare[spot] = keys[i], order[i]
        keys[:], order[:] = spare_keys[:count], spare[:count]


@jit
def _box_overlap(det_box, d, left, top, right, bottom, size, crowd):
    """IoU of detection d with a truth; with a crowd, the share of the detection that lies in it."""
    x, y, w, h = det_box[d, 0], det_box[d, 1], det_box[d, 2], det_box[d, 3]
    width, height = min(x + w, right) - max(x, left), min(y + h, bottom) - max(y, top)
    both = max(0.0, width) * max(0.0, height)  # no branch: whether two boxes meet cannot be foreseen
    union = w * h if crowd else w * h + size - both
    return both / union if both > 0 else 0.0


@jit
def _mask_overlap(runs, d, g, crowd):
    """The same of masks."""
    mine, theirs = runs[0][runs[1][d] : runs[1][d + 1]], runs[2][runs[3][g] : runs[3][g + 1]]
    both, union = _shared_pixels(mine, theirs), mine[1::2].sum()
    if not crowd:
        union += theirs[1::2].sum() - both
    return both / union if both > 0 else 0.0


@jit
def _shared_pixels(a, b):
    """Pixels that two masks of one size share. Each is lengths of runs, of zeros and of ones in turn."""
    i = j = shared = 0
    a_end, b_end, at = a[0], b[0], 0
    while True:
        end = min(a_end, b_end)
        if i & j & 1:
            shared += end - at
        at = end
        if a_end == end:
            i += 1
            if i == len(a):
                return shared
            a_end += a[i]
        if b_end == end:
            j += 1
            if j == len(b):
                return shared
            b_end += b[j]


@jit
def _insert(g, overlap, near, thresholds, best, level):
    """Sort truth g into the `near` best so far, the later of two equals first, with how many thresholds it reaches."""
    reached = 1
    while reached < len(thresholds) and overlap[g] >= thresholds[reached]:
        reached += 1
    n = near
    while n > 0 and overlap[best[n - 1]] <= overlap[g]:
        best[n], level[n] = best[n - 1], level[n - 1]
        n -= 1
    best[n], level[n] = g, reached


@jit
def _take(near, best, level, reach, inside, used, crowd, gts, lost):
    """The cells where a detection gets a truth that counts, and those where it gets only one that does not.

    A truth outside the area range, or a crowd, is taken only where nothing better is left. A crowd is never used up.
    """
    taken = found = ignored = 0
    for n in range(near):
        g = best[n]
        cells = reach[level[n]] & inside[g] & ~used[g] & ~taken
        used[g] |= cells
        taken |= cells
        if gts[g] != lost:
            found |= cells
    for n in range(near):
        g = best[n]
        cells = reach[level[n]] & ~inside[g] & ~taken & ~ignored
        if not crowd[g]:
            cells &= ~used[g]
            used[g] |= cells
        ignored |= cells
    return found, ignored


@jit
def by_class(label, score, classes):
    """The order of all detections, class by class, best first, and where each class begins in it."""
    start = np.zeros(classes + 1, np.int64)
    for k in label:
        start[k + 1] += 1
    most = 0
    for k in range(classes):
        most = max(most, start[k + 1])
        start[k + 1] += start[k]
    place = start[:-1].copy()
    order, keys = _ints(len(label)), np.empty(len(label), np.uint64)
    for i in range(len(label)):
        spot = place[label[i]]
        place[label[i]] = spot + 1
        order[spot], keys[spot] = i, _key(score[i])
    spare_keys, spare, tables = np.empty(most, np.uint64), _ints(most), np.empty((6, 1 << DIGIT), np.int64)
    for k in range(classes):
        _sort(keys[start[k] : start[k + 1]], order[start[k] : start[k + 1]], spare_keys, spare, tables)
    return order, start
