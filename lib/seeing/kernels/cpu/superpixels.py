"""Graph segmentation of one image: a smoothing, a radix sort of the edges, and a union-find that walks them in order.

An edge is one float64 cost and one int32 code, 4 * pixel + direction. It carries both through the sort, so that
the union-find reads memory in order; chasing them through a permutation takes twice as long.
"""

from __future__ import annotations

import numpy as np
from numba import int32, int64

from seeing.kernels.cpu.jit import jit

DIGIT = 2048
"""Values of a digit of the radix sort: 11 bits."""


@jit
def smooth(image: np.ndarray, taps: np.ndarray) -> np.ndarray:
    """(C, H, W) float64 blurred by the symmetric kernel whose middle and right half are `taps`; borders mirrored."""
    channels, height, width = image.shape
    reach = len(taps) - 1
    smoothed = np.empty((channels, height, width))
    column = np.empty((height, width))
    line = np.empty(width + 2 * reach)
    for c in range(channels):
        for y in range(height):
            row = column[y]
            _scale(image[c, y], taps[0], row)
            for j in range(reach, 0, -1):
                _add_pair(image[c, _mirror(y - j, height)], image[c, _mirror(y + j, height)], taps[j], row)
        for y in range(height):
            line[reach : reach + width] = column[y]
            for j in range(1, reach + 1):
                line[reach - j] = column[y, _mirror(-j, width)]
                line[reach + width - 1 + j] = column[y, _mirror(width - 1 + j, width)]
            row = smoothed[c, y]
            _scale(column[y], taps[0], row)
            for j in range(reach, 0, -1):
                _add_pair(line[reach - j : reach - j + width], line[reach + j : reach + j + width], taps[j], row)
    return smoothed


@jit
def sorted_edges(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The edges between 8-neighbours of (C, H, W) float64, cheapest first; equal costs keep their direction's order.

    Directions: 0 right, 1 down, 2 down and right, 3 down and left. The code names the pixel it starts from.
    """
    _, height, width = image.shape
    count = height * (width - 1) + (height - 1) * width + 2 * (height - 1) * (width - 1)
    cost = np.empty(count)
    code = np.empty(count, np.int32)
    done = 0
    for direction in range(4):
        down = int64(direction > 0)
        right = int64(direction != 1)
        length = width - right
        # A step down and left starts at the right end of the pair.
        near = right if direction == 3 else 0
        far = right if direction in (0, 2) else 0
        for y in range(height - down):
            _distances(image[:, y, near : near + length], image[:, y + down, far : far + length], cost[done:])
            first = 4 * (y * width + near) + direction
            for x in range(length):
                code[done + x] = int32(first + 4 * x)
            done += length
    return _sort(cost, code)


@jit
def components(cost: np.ndarray, code: np.ndarray, shape: tuple, scale: float, min_size: int) -> np.ndarray:
    """(H, W) int64 segments of the sorted edges, numbered in the order in which a reader meets them."""
    height, width = shape
    pixels = height * width
    step = np.array([1, width, width + 1, width - 1])
    parent = np.arange(pixels).astype(np.int32)
    size = np.ones(pixels, np.int32)
    limit = np.full(pixels, np.float32(scale))
    kept = np.empty(len(code), np.int32)
    boundaries = 0
    for e in range(len(code)):
        pixel = int64(code[e] >> 2)
        a = _find(parent, pixel)
        b = _find(parent, pixel + step[code[e] & 3])
        if a == b:
            continue
        if cost[e] < limit[a] and cost[e] < limit[b]:
            root = _join(parent, size, a, b)
            limit[root] = np.float32(cost[e] + scale / size[root])
        else:
            kept[boundaries] = code[e]
            boundaries += 1
    for e in range(boundaries):
        pixel = int64(kept[e] >> 2)
        a = _find(parent, pixel)
        b = _find(parent, pixel + step[kept[e] & 3])
        if a != b and (size[a] < min_size or size[b] < min_size):
            _join(parent, size, a, b)
    return _number(parent).reshape(height, width)


@jit
def _mirror(i: int, length: int) -> int:
    """The pixel that stands in for pixel i beyond the border: c b a | a b c | c b a."""
    i %= 2 * length
    return 2 * length - 1 - i if i >= length else i


@jit
def _scale(line: np.ndarray, tap: float, out: np.ndarray) -> None:
    for x in range(len(out)):
        out[x] = line[x] * tap


@jit
def _add_pair(left: np.ndarray, right: np.ndarray, tap: float, out: np.ndarray) -> None:
    for x in range(len(out)):
        out[x] += (left[x] + right[x]) * tap


@jit
def _distances(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """Euclidean distance of the colours of two (C, L) lines, pixel by pixel."""
    length = a.shape[1]
    total = out[:length]
    total[:] = 0
    for c in range(a.shape[0]):
        p = a[c]
        q = b[c]
        for x in range(length):
            difference = p[x] - q[x]
            total[x] += difference * difference
    for x in range(length):
        total[x] = np.sqrt(total[x])


@jit
def _sort(cost: np.ndarray, code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both by cost, stably. The bits of a float of at least 0, read as an integer, have the order of the floats."""
    bits = cost.view(np.int64)
    largest = int64(0)
    for i in range(len(bits)):
        largest = max(largest, bits[i])
    # Two digits below the largest tell costs apart to 16 bits of their mantissa; the rest is put right in place.
    base = max(largest - ((int64(1) << 58) - 1), int64(0))
    spare_cost = np.empty_like(cost)
    spare_code = np.empty_like(code)
    _pass(cost, code, base, 36, spare_cost, spare_code)
    _pass(spare_cost, spare_code, base, 47, cost, code)
    i = 1
    while i < len(cost):
        if cost[i] >= cost[i - 1]:
            i += 1
            continue
        start = i - 1
        high = _above(bits[i], base) >> 36
        while start > 0 and _above(bits[start - 1], base) >> 36 == high:
            start -= 1
        end = i + 1
        while end < len(cost) and _above(bits[end], base) >> 36 == high:
            end += 1
        _sort_run(cost[start:end], code[start:end])
        i = end
    return cost, code


@jit
def _sort_run(cost: np.ndarray, code: np.ndarray) -> None:
    """Costs that agree in their high bits: by insertion where they are few, else by all their digits."""
    if len(cost) > 64:
        spare_cost = np.empty_like(cost)
        spare_code = np.empty_like(code)
        for shift in range(0, 66, 22):
            _pass(cost, code, 0, shift, spare_cost, spare_code)
            _pass(spare_cost, spare_code, 0, shift + 11, cost, code)
        return
    for i in range(1, len(cost)):
        c = cost[i]
        e = code[i]
        j = i
        while j > 0 and cost[j - 1] > c:
            cost[j] = cost[j - 1]
            code[j] = code[j - 1]
            j -= 1
        cost[j] = c
        code[j] = e


@jit
def _pass(
    cost: np.ndarray, code: np.ndarray, base: int, shift: int, out_cost: np.ndarray, out_code: np.ndarray
) -> None:
    """One stable counting sort, by the digit of the cost's bits above `base` that starts at bit `shift`."""
    bits = cost.view(np.int64)
    place = np.zeros(DIGIT + 1, np.int64)
    for i in range(len(bits)):
        place[_digit(bits[i], base, shift) + 1] += 1
    for d in range(DIGIT):
        place[d + 1] += place[d]
    for i in range(len(bits)):
        d = _digit(bits[i], base, shift)
        out_cost[place[d]] = cost[i]
        out_code[place[d]] = code[i]
        place[d] += 1


@jit
def _above(bits: int, base: int) -> int:
    above = bits - base
    return above if above > 0 else 0


@jit
def _digit(bits: int, base: int, shift: int) -> int:
    return (_above(bits, base) >> shift) & (DIGIT - 1)


@jit
def _find(parent: np.ndarray, i: int) -> int:
    """The root above i, every other link on the way shortened."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = int64(parent[i])
    return i


@jit
def _join(parent: np.ndarray, size: np.ndarray, a: int, b: int) -> int:
    """Hang the smaller of two roots under the larger, which is returned."""
    if size[a] < size[b]:
        a, b = b, a
    parent[b] = int32(a)
    size[a] += size[b]
    return a


@jit
def _number(parent: np.ndarray) -> np.ndarray:
    number = np.full(len(parent), -1)
    labels = np.empty(len(parent), np.int64)
    count = 0
    for i in range(len(parent)):
        root = _find(parent, i)
        if number[root] < 0:
            number[root] = count
            count += 1
        labels[i] = number[root]
    return labels
