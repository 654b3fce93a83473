"""Anchors matched to objects one pair at a time: what `seeing.ops.matching` and `assign_points` are compared with."""

from __future__ import annotations

import math
import statistics


def box_iou(a, b) -> float:
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    inter = width * height
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter
    return inter / union if union > 0 else 0.0


def match_ssd(iou, threshold: float) -> list[int]:
    """`iou` is a list of M rows of N floats."""
    anchors = len(iou[0])
    matches = [-1] * anchors
    for j in range(anchors):
        column = [row[j] for row in iou]
        if max(column) > threshold:
            matches[j] = column.index(max(column))
    pairs = sorted((-iou[i][j], i, j) for i in range(len(iou)) for j in range(anchors) if iou[i][j] > 0)
    objects_done, anchors_done = set(), set()
    for _, i, j in pairs:
        if i not in objects_done and j not in anchors_done:
            matches[j] = i
            objects_done.add(i)
            anchors_done.add(j)
    return matches


def match_fcos(levels, boxes, strides, ranges, radius) -> list[int]:
    matches = []
    for points, stride, (least, greatest) in zip(levels, strides, ranges, strict=True):
        for x, y in points:
            best, best_area = -1, math.inf
            for m, (x1, y1, x2, y2) in enumerate(boxes):
                sides = (x - x1, y - y1, x2 - x, y2 - y)
                near = radius is None or max(abs(x - (x1 + x2) / 2), abs(y - (y1 + y2) / 2)) < radius * stride
                area = (x2 - x1) * (y2 - y1)
                if min(sides) > 0 and least <= max(sides) <= greatest and near and area < best_area:
                    best, best_area = m, area
            matches.append(best)
    return matches


def match_atss(levels, boxes, topk: int) -> list[int]:
    every = [anchor for level in levels for anchor in level]
    best = [(-math.inf, -1)] * len(every)
    for m, box in enumerate(boxes):
        candidates, start = [], 0
        for level in levels:
            nearness = sorted((distance_squared(anchor, box), i) for i, anchor in enumerate(level))
            candidates += [start + i for _, i in nearness[:topk]]
            start += len(level)
        overlaps = [box_iou(every[i], box) for i in candidates]
        threshold = statistics.mean(overlaps) + (statistics.stdev(overlaps) if len(overlaps) > 1 else 0)
        for i, overlap in zip(candidates, overlaps, strict=True):
            x, y = centre(every[i])
            inside = box[0] < x < box[2] and box[1] < y < box[3]
            if inside and overlap >= threshold and overlap > best[i][0]:
                best[i] = (overlap, m)
    return [m for _, m in best]


def centre(box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def distance_squared(a, b) -> float:
    (ax, ay), (bx, by) = centre(a), centre(b)
    return (ax - bx) ** 2 + (ay - by) ** 2
