"""COCO's masks: run lengths down the columns, as numbers or as text, and outlines filled as COCO's own tool does.

A mask is read column by column as alternating runs of 0 and 1, the first of 0 (perhaps of length 0). In compressed
form each run but the first three is replaced by its difference from the run two before, and every number is
written in groups of five bits, lowest first, one character of code 48..111 each; bit 6 says that more follow.

Source: Lin et al., Microsoft COCO: common objects in context (2014), and the format of its mask API.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

FINER = 5  # an outline is drawn on a grid this many times finer than the pixels
LONGEST_OUTLINE = 1 << 22  # points on that grid, so that a broken file cannot fill the memory
FARTHEST = 1e6  # pixels; refuses NaN and infinity too
MOST_PIXELS = 1 << 28
OFFSET, MORE, SIGN, BITS = 48, 32, 16, 5
WHOLE = (int, np.integer)
NUMBER = (int, float, np.number)
MOST_GROUPS = 7  # of five bits: what a run of up to 2^32 pixels takes


def decode_rle(rle: Mapping[str, Any]) -> Tensor:
    """The mask that run lengths stand for.

    Args:
        rle: "size", (height, width), and "counts": a list of run lengths, or their compressed form as str or bytes.

    Returns:
        (height, width) bool.

    Raises:
        ValueError: if a part is missing or malformed, or the runs do not add up to height * width.

    Example:
        >>> decode_rle({"size": [2, 2], "counts": [1, 3]})
        tensor([[False,  True],
                [ True,  True]])
    """
    height, width = _size(rle)
    return torch.from_numpy(_draw(run_lengths(rle), height, width).copy())


def run_lengths(rle: Mapping[str, Any]) -> np.ndarray:
    """The lengths of a mask's runs, as numbers.

    Args:
        rle: as in `decode_rle`.

    Returns:
        (L,) int64, at least 0, that add up to height * width; any of them may be 0.

    Raises:
        ValueError: as `decode_rle`.
    """
    height, width = _size(rle)
    counts = _counts(rle)
    total = int(counts.sum())
    if (counts < 0).any() or total != height * width:
        raise ValueError(f"runs that add up to {height} * {width} pixels were expected; got {total}")
    return counts


def encode_rle(mask: Tensor, compress: bool = True) -> dict[str, Any]:
    """A mask as run lengths.

    Args:
        mask: (H, W) bool, or integers that are 0 or not, on any device.
        compress: whether "counts" is a str, or a list of run lengths.

    Returns:
        "size", [H, W], and "counts".

    Raises:
        ValueError: if `mask` has another number of dimensions or is floating point.

    Example:
        >>> encode_rle(torch.tensor([[0, 1], [1, 1]]), compress=False)  # down the columns: one 0, three 1
        {'size': [2, 2], 'counts': [1, 3]}
    """
    if mask.dim() != 2 or mask.is_floating_point():
        raise ValueError(f"a mask must be (H, W), bool or integer; got {mask.dtype} {tuple(mask.shape)}")
    flat = (mask != 0).cpu().numpy().T.ravel()
    changes = np.flatnonzero(np.diff(flat, prepend=False))
    counts = np.diff(changes, prepend=0, append=flat.size)
    size = [mask.shape[0], mask.shape[1]]
    return {"size": size, "counts": _compress(counts) if compress else counts.tolist()}


def polygons_to_mask(polygons: Sequence[Sequence[float]], height: int, width: int) -> Tensor:
    """The pixels inside any of some outlines, bit for bit as pycocotools finds them.

    Args:
        polygons: each x1, y1, x2, y2, ... in pixels, at least three corners; it closes itself. Outlines may cross
            themselves (what is enclosed twice is outside) and leave the picture.
        height: of the picture, in pixels.
        width: of the picture, in pixels.

    Returns:
        (height, width) bool; all False if there is no outline.

    Raises:
        ValueError: if an outline has an odd number of coordinates, under three corners, or one that is no number
            under a million, or is longer than 800,000 pixels; if the size is negative or over 2^28 pixels.

    Example:
        >>> polygons_to_mask([[1, 1, 3, 1, 3, 3, 1, 3]], height=4, width=4).int()
        tensor([[0, 0, 0, 0],
                [0, 1, 1, 0],
                [0, 1, 1, 0],
                [0, 0, 0, 0]], dtype=torch.int32)
    """
    _size({"size": (height, width)})
    mask = np.zeros((width, height), dtype=bool).T  # columns lie together in memory, as outlines are filled
    for polygon in polygons:
        mask |= _fill(_corners(polygon), height, width)
    return torch.from_numpy(mask.copy())


def segmentation_to_mask(segmentation: Any, height: int, width: int) -> Tensor:
    """The mask of an annotation's "segmentation": a list of outlines, or run lengths.

    Args:
        segmentation: as in a COCO file.
        height: of the picture, in pixels.
        width: of the picture, in pixels.

    Returns:
        (height, width) bool.

    Raises:
        ValueError: if it is malformed, or its run lengths are of a mask of another size.
    """
    if isinstance(segmentation, Mapping):
        check_mask_size(segmentation, height, width)
        return decode_rle(segmentation)
    if not isinstance(segmentation, list):
        raise ValueError(f"a list of outlines or run lengths were expected; got {type(segmentation).__name__}")
    return polygons_to_mask(segmentation, height, width)


def check_mask_size(rle: Mapping[str, Any], height: int, width: int) -> None:
    """Refuse run lengths of a mask of another size.

    Raises:
        ValueError: if "size" is missing, malformed or not (height, width).
    """
    if _size(rle) != (height, width):
        raise ValueError(f"a mask of {height}x{width} pixels was expected, as its picture; got {_size(rle)}")


def _size(rle: Mapping[str, Any]) -> tuple[int, int]:
    size = rle.get("size")
    if (
        not isinstance(size, Sequence)
        or len(size) != 2
        or not all(_is_number(n, WHOLE) and n >= 0 for n in size)
        or size[0] * size[1] > MOST_PIXELS
    ):
        raise ValueError(f"a size of [height, width], at most 2^28 pixels, was expected; got {size!r}")
    return size[0], size[1]


def _is_number(value: Any, kind: tuple[type, ...]) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _counts(rle: Mapping[str, Any]) -> np.ndarray:
    counts = rle.get("counts")
    if isinstance(counts, str):
        counts = counts.encode("ascii", errors="replace")
    if isinstance(counts, bytes):
        return _decompress(counts)
    if not isinstance(counts, Sequence) or not all(_is_number(n, WHOLE) and 0 <= n <= MOST_PIXELS for n in counts):
        raise ValueError('run lengths need "counts", a list of whole numbers or their compressed form')
    return np.array(counts, dtype=np.int64)


def _decompress(text: bytes) -> np.ndarray:
    codes = np.frombuffer(text, dtype=np.uint8).astype(np.int64) - OFFSET
    ends = np.flatnonzero(codes & MORE == 0)
    if ((codes < 0) | (codes > 63)).any() or (len(codes) and (not len(ends) or ends[-1] != len(codes) - 1)):
        raise ValueError("compressed run lengths hold a character out of place, or are cut off")
    starts = np.concatenate([[0], ends[:-1] + 1])[: len(ends)]
    place = np.arange(len(codes)) - np.repeat(starts, ends - starts + 1)
    if (place >= MOST_GROUPS).any():
        raise ValueError("compressed run lengths hold a number that is too long")
    numbers = np.add.reduceat((codes & 31) << BITS * place, starts) if len(ends) else codes
    numbers -= np.where(codes[ends] & SIGN, 1 << BITS * (place[ends] + 1), 0)
    numbers[1::2] = np.cumsum(numbers[1::2])
    numbers[2::2] = np.cumsum(numbers[2::2])
    return numbers


def _compress(counts: np.ndarray) -> str:
    numbers = counts.astype(np.int64)
    numbers[3:] -= counts[1:-2]
    text = []
    for number in numbers.tolist():
        while True:
            code = number & 31
            number >>= BITS
            last = number == (-1 if code & SIGN else 0)
            text.append(chr(OFFSET + code + (0 if last else MORE)))
            if last:
                break
    return "".join(text)


def _corners(polygon: Any) -> np.ndarray:
    numbers = isinstance(polygon, Sequence) and all(_is_number(n, NUMBER) for n in polygon)
    if not numbers or len(polygon) < 6 or len(polygon) % 2:
        raise ValueError("an outline must be x1, y1, x2, y2, ...: an even number of numbers, at least 6")
    if not all(abs(n) < FARTHEST for n in polygon):
        raise ValueError(f"an outline must be of numbers under {FARTHEST:g}")
    return np.array(polygon, dtype=np.float64).reshape(-1, 2)


def _fill(corners: np.ndarray, height: int, width: int) -> np.ndarray:
    """Even-odd filling: along each column of pixels the outline crosses, inside and outside change places."""
    columns, rows = _crossings(*_outline(corners), height, width)
    changes = np.sort(columns * height + rows)
    return _draw(np.diff(changes, prepend=0, append=height * width), height, width)


def _draw(counts: np.ndarray, height: int, width: int) -> np.ndarray:
    flat = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
    return flat.reshape(width, height).T


def _outline(corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points of all edges on the finer grid, one step apart along each edge's longer direction."""
    # The conversion to whole numbers cuts off toward zero, for negative coordinates too, as COCO's tool does.
    start = (FINER * corners + 0.5).astype(np.int64)
    end = np.roll(start, -1, axis=0)
    reach = np.abs(end - start)
    steps = reach.max(1)
    if steps.sum() + len(steps) > LONGEST_OUTLINE:
        raise ValueError(f"an outline must be at most {LONGEST_OUTLINE // FINER} pixels long")
    flat = reach[:, 0] >= reach[:, 1]  # wider than high: x counts the steps
    longer = np.where(flat, 0, 1)
    each = np.arange(len(start))
    # Every edge is drawn from its lower end, so that the same edge walked backwards has the same points.
    backwards = start[each, longer] > end[each, longer]
    low, high = np.where(backwards[:, None], end, start), np.where(backwards[:, None], start, end)
    rise = high[each, 1 - longer] - low[each, 1 - longer]
    slope = rise / np.maximum(steps, 1)

    edge = np.repeat(each, steps + 1)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(steps + 1) - (steps + 1), steps + 1)
    step = np.where(backwards[edge], steps[edge] - step, step)
    along = low[edge, longer[edge]] + step
    across = (low[edge, 1 - longer[edge]] + slope[edge] * step + 0.5).astype(np.int64)
    return np.where(flat[edge], along, across), np.where(flat[edge], across, along)


def _crossings(x: np.ndarray, y: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the outline passes the middle of a column of pixels, and the first row below it."""
    moved = np.flatnonzero(x[1:] != x[:-1])
    left = np.minimum(x[moved + 1], x[moved])
    top = np.minimum(y[moved + 1], y[moved])
    column = (left + 0.5) / FINER - 0.5
    row = np.ceil(np.clip((top + 0.5) / FINER - 0.5, 0, height))
    inside = (np.floor(column) == column) & (column >= 0) & (column <= width - 1)
    return column[inside].astype(np.int64), row[inside].astype(np.int64)
