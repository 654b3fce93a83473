"""COCO's precision-recall curves from matches that are packed one bit a cell, and the draws of its bootstrap."""

from __future__ import annotations

import numpy as np

from seeing.kernels.cpu.jit import jit

EPSILON = np.spacing(1)  # the published evaluation adds it to every denominator


@jit
def curves(order, start, rank, hit, skip, totals, thresholds, recalls, limits):
    """Precision at each recall and the recall reached, for every class and cell.

    Args:
        order: the detections class by class, best first; one may stand there several times.
        start: (K + 1,) where each class begins in it.
        rank: (N,) as the matching gives it.
        hit: (N,) as the matching gives it.
        skip: (N,) as the matching gives it.
        totals: (A, K) truths that count.
        thresholds: number of thresholds T; cell t * A + a is threshold t in area range a.
        recalls: (R,) ascending.
        limits: (M,) ascending; a detection counts for the recall of every limit above its rank.

    Returns:
        (A, T, R, K) precision and (A, M, T, K) recall, -1 where a class has no truth that counts.
    """
    areas, classes = totals.shape
    cells = areas * thresholds
    precision = np.full((areas, thresholds, len(recalls), classes), -1.0)
    recall = np.full((areas, len(limits), thresholds, classes), -1.0)
    found, ranked = np.empty(cells, np.int64), np.empty((len(limits), cells), np.int64)
    counted, extra = np.empty(areas, np.int64), np.empty(cells, np.int64)
    most = 1
    for i in range(classes):
        for a in range(areas):
            most = max(most, totals[a, i])
    points, need = np.empty((cells, most)), np.empty(len(recalls), np.int64)
    for k in range(classes):
        found[:], ranked[:], counted[:], extra[:] = 0, 0, 0, 0
        _points(order[start[k] : start[k + 1]], rank, hit, skip, limits, counted, extra, found, ranked, points)
        for a in range(areas):
            if totals[a, k] == 0:
                continue
            _first_reaching(recalls, totals[a, k], need)
            for t in range(thresholds):
                c, reached = t * areas + a, 0
                for x in range(len(limits)):
                    reached += ranked[x, c]
                    recall[a, x, t, k] = reached / totals[a, k]
                for j in range(found[c] - 1, 0, -1):
                    points[c, j - 1] = max(points[c, j - 1], points[c, j])
                for r in range(len(recalls)):
                    precision[a, t, r, k] = points[c, need[r]] if need[r] < found[c] else 0.0
    return precision, recall


@jit
def _points(order, rank, hit, skip, limits, counted, extra, found, ranked, points):
    """The precision at every right detection of one class, cell by cell; the counters must come in as zeros.

    Most detections are ignored in an area range at all thresholds or at none. So they are counted by area range, and
    `extra` holds by how much a cell differs.
    """
    areas, cells = len(counted), len(found)
    repeat = 0  # times a pattern of area ranges is that pattern at every threshold
    for t in range(cells // areas):
        repeat |= 1 << (t * areas)
    for i in order:
        right, usual = hit[i], skip[i] >> (cells - areas)
        odd = skip[i] ^ (usual * repeat)
        for a in range(areas):
            counted[a] += 1 - ((usual >> a) & 1)
        if not right | odd:
            continue
        x = 0
        while rank[i] >= limits[x]:
            x += 1
        c = 0
        while right | odd:
            if odd & 1:
                extra[c] += 1 if (usual >> (c % areas)) & 1 else -1
            if right & 1:
                points[c, found[c]] = (found[c] + 1) / (counted[c % areas] + extra[c] + EPSILON)
                found[c] += 1
                ranked[x, c] += 1
            right >>= 1
            odd >>= 1
            c += 1


@jit
def _first_reaching(recalls, total, need):
    """The number of the right detection (from 0) at which each recall is reached."""
    j = 0
    for r in range(len(recalls)):
        while j < total and (j + 1) / total < recalls[r]:
            j += 1
        need[r] = j


@jit
def repeat(order, start, image, score, copies):
    """The order with every detection as often as its image is drawn, and where each class begins in it.

    Equal scores in one image stay together, as if each copy were an image of its own beside the others.
    """
    total = 0
    for i in order:
        total += copies[image[i]]
    drawn, first, place = np.empty(total, np.int64), np.zeros(len(start), np.int64), 0
    for k in range(len(start) - 1):
        low = start[k]
        while low < start[k + 1]:
            high = low + 1
            while high < start[k + 1] and _together(order[low], order[high], image, score):
                high += 1
            for _ in range(copies[image[order[low]]]):
                for j in range(low, high):
                    drawn[place] = order[j]
                    place += 1
            low = high
        first[k + 1] = place
    return drawn, first


@jit
def _together(i, j, image, score):
    return image[i] == image[j] and score[i] == score[j]
