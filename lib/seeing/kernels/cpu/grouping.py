"""Regions that merge, the most similar pair first: a heap of the pairs that touch, and lists of neighbours."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numba import int64

from seeing.kernels.cpu.jit import jit


@jit
def merge(
    labels: np.ndarray, colour: np.ndarray, texture: np.ndarray, channels: int, measures: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Boxes and sizes of all regions of the tree, the children of each merge, and their similarity.

    A region that came from a merge takes over the histogram of its first child.
    """
    regions = len(colour)
    nodes = 2 * regions - 1
    boxes, sizes = _measure(labels, regions, nodes)
    rows = np.arange(nodes)
    features = (colour.copy(), texture.copy(), rows, boxes, sizes)
    lists = _neighbours(labels, regions, nodes)
    parent = np.arange(nodes)
    seen = np.full(nodes, -1)
    children = np.empty((regions - 1, 2), np.int64)
    similarities = np.empty(regions - 1)
    heap = [(0.0, int64(0), int64(0)) for _ in range(0)]
    for node in range(regions):
        _meet_neighbours(node, lists, parent, seen, features, channels, measures, labels.size, heap)
    for node in range(regions, nodes):
        value, a, b = heappop(heap)
        while parent[a] != a or parent[b] != b:  # a pair whose regions are part of larger ones by now
            value, a, b = heappop(heap)
        children[node - regions, 0] = a
        children[node - regions, 1] = b
        similarities[node - regions] = -value
        parent[a] = node
        parent[b] = node
        _unite(features, lists, a, b, node)
        _meet_neighbours(node, lists, parent, seen, features, channels, measures, labels.size, heap)
    return boxes, sizes, children, similarities


@jit
def _measure(labels: np.ndarray, regions: int, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Boxes and sizes, with room for the regions to come."""
    height, width = labels.shape
    boxes = np.zeros((nodes, 4), np.int64)
    boxes[:regions, 0] = width
    boxes[:regions, 1] = height
    sizes = np.zeros(nodes, np.int64)
    for y in range(height):
        for x in range(width):
            box = boxes[labels[y, x]]
            box[0] = min(box[0], x)
            box[1] = min(box[1], y)
            box[2] = max(box[2], x + 1)
            box[3] = max(box[3], y + 1)
            sizes[labels[y, x]] += 1
    return boxes, sizes


@jit
def _neighbours(labels: np.ndarray, regions: int, nodes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A linked list of neighbours for each region, with doubles: first link, last link, next link, region."""
    height, width = labels.shape
    links = 0
    for y in range(height):
        for x in range(width):
            links += 2 * (x + 1 < width and labels[y, x] != labels[y, x + 1])
            links += 2 * (y + 1 < height and labels[y, x] != labels[y + 1, x])
    lists = (np.full(nodes, -1), np.full(nodes, -1), np.empty(links, np.int64), np.empty(links, np.int64))
    link = 0
    for y in range(height):
        for x in range(width):
            if x + 1 < width and labels[y, x] != labels[y, x + 1]:
                _link(lists, link, labels[y, x], labels[y, x + 1])
                link += 2
            if y + 1 < height and labels[y, x] != labels[y + 1, x]:
                _link(lists, link, labels[y, x], labels[y + 1, x])
                link += 2
    return lists


@jit
def _link(lists: tuple, link: int, a: int, b: int) -> None:
    """Put each of two regions in front of the other's list."""
    first, last, following, other = lists
    following[link] = first[a]
    following[link + 1] = first[b]
    other[link] = b
    other[link + 1] = a
    first[a] = link
    first[b] = link + 1
    if last[a] < 0:
        last[a] = link
    if last[b] < 0:
        last[b] = link + 1


@jit
def _unite(features: tuple, lists: tuple, a: int, b: int, node: int) -> None:
    """Make a region of two: histograms and sizes add up, boxes enclose both, lists are joined end to end."""
    colour, texture, rows, boxes, sizes = features
    rows[node] = rows[a]
    colour[rows[a]] += colour[rows[b]]
    texture[rows[a]] += texture[rows[b]]
    sizes[node] = sizes[a] + sizes[b]
    for corner in range(2):
        boxes[node, corner] = min(boxes[a, corner], boxes[b, corner])
        boxes[node, corner + 2] = max(boxes[a, corner + 2], boxes[b, corner + 2])
    first, last, following, _ = lists
    first[node] = first[a]
    following[last[a]] = first[b]
    last[node] = last[b]


@jit
def _meet_neighbours(
    node: int,
    lists: tuple,
    parent: np.ndarray,
    seen: np.ndarray,
    features: tuple,
    channels: int,
    measures: np.ndarray,
    pixels: int,
    heap: list,
) -> None:
    """Put the pairs of a region and its older neighbours on the heap, and clear doubles from its list."""
    first, last, following, other = lists
    kept = int64(-1)
    link = first[node]
    while link >= 0:
        neighbour = _find(parent, other[link])
        if neighbour != node and seen[neighbour] != node:
            seen[neighbour] = node
            other[link] = neighbour
            if kept < 0:
                first[node] = link
            else:
                following[kept] = link
            kept = link
            if neighbour < node:
                value = _similarity(features, neighbour, node, channels, measures, pixels)
                heappush(heap, (-value, int64(neighbour), int64(node)))
        link = following[link]
    if kept >= 0:
        following[kept] = -1
    else:
        first[node] = -1
    last[node] = kept


@jit
def _similarity(features: tuple, a: int, b: int, channels: int, measures: np.ndarray, pixels: int) -> float:
    colour, texture, rows, boxes, sizes = features
    total = 0.0
    if measures[0]:
        shared = _shared(colour[rows[a]], colour[rows[b]], sizes[a], sizes[b])
        total += shared / (channels * sizes[a] * sizes[b])
    if measures[1]:
        shared = _shared(texture[rows[a]], texture[rows[b]], sizes[a], sizes[b])
        total += shared / (channels * sizes[a] * sizes[b])
    both = sizes[a] + sizes[b]
    if measures[2]:
        total += 1 - both / pixels
    if measures[3]:
        width = max(boxes[a, 2], boxes[b, 2]) - min(boxes[a, 0], boxes[b, 0])
        height = max(boxes[a, 3], boxes[b, 3]) - min(boxes[a, 1], boxes[b, 1])
        total += 1 - (width * height - both) / pixels
    return total


@jit
def _shared(p: np.ndarray, q: np.ndarray, size_p: int, size_q: int) -> np.int64:
    """What two histograms have in common, times both sizes: a whole number, so exact in any order."""
    total = int64(0)
    for k in range(len(p)):
        total += min(p[k] * size_q, q[k] * size_p)
    return total


@jit
def _find(parent: np.ndarray, i: int) -> int:
    """The region of the tree so far that region i is part of, every other link on the way shortened."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i
