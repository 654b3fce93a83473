"""Masks as run lengths: how COCO stores them, and how two of them are compared without their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seeing.arrays import as_array


@dataclass
class MaskRuns:
    """N masks, each as the lengths of its runs down the columns: of zeros, of ones, of zeros, ... (COCO's RLE).

    Attributes:
        lengths: (L,) int64, the runs of all masks one after the other; a mask that begins with a one has a first
            run of length 0, so each mask has at least one run.
        start: (N + 1,) int64, where each mask's runs begin in `lengths`.
        size: (N, 2) int64, height and width of each mask.

    Raises:
        ValueError: if the runs of a mask do not fill its height times width.
    """

    lengths: np.ndarray
    start: np.ndarray
    size: np.ndarray

    def __post_init__(self) -> None:
        filled = np.zeros(len(self), np.int64)
        np.add.at(filled, np.repeat(np.arange(len(self)), np.diff(self.start)), self.lengths)
        wrong = np.flatnonzero((filled != self.size.prod(axis=1)) | (np.diff(self.start) < 1))
        if len(wrong) or (self.lengths < 0).any():
            raise ValueError(
                "the runs of a mask must be lengths that add up to its height times width; "
                + (f"those of mask {wrong[0]}, {self.size[wrong[0]].tolist()}, do not" if len(wrong) else "one is < 0")
            )

    def __len__(self) -> int:
        return len(self.size)

    @classmethod
    def join(cls, runs: Sequence[np.ndarray], sizes: Sequence[tuple[int, int]] | np.ndarray) -> MaskRuns:
        """From one array of run lengths and one (height, width) for each mask."""
        start = np.zeros(len(runs) + 1, np.int64)
        np.cumsum([len(r) for r in runs], out=start[1:])
        lengths = np.concatenate([np.empty(0, np.int64), *runs]).astype(np.int64)
        return cls(lengths, start, np.array(sizes, np.int64).reshape(-1, 2))

    @classmethod
    def encode(cls, masks: np.ndarray) -> MaskRuns:
        """From (N, H, W) bool, or numbers that are 0 or not.

        Raises:
            ValueError: if they are not (N, H, W).
        """
        masks = as_array(masks, "masks") != 0
        if masks.ndim != 3:
            raise ValueError(f"masks must be (N, H, W); got {masks.shape}")
        count, height, width = masks.shape
        pixels = masks.transpose(0, 2, 1).reshape(count, height * width)
        return cls.join([_runs(row) for row in pixels], [(height, width)] * count)

    def decode(self, i: int) -> np.ndarray:
        """Mask i, (H, W) bool."""
        runs = self.lengths[self.start[i] : self.start[i + 1]]
        height, width = self.size[i]
        return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(width, height).T

    def take(self, order: np.ndarray) -> MaskRuns:
        """The masks in this order."""
        return MaskRuns.join([self.lengths[self.start[i] : self.start[i + 1]] for i in order], self.size[order])

    def area(self) -> np.ndarray:
        """(N,) float64, the pixels of each mask."""
        total = np.concatenate([[0], np.cumsum(self.lengths * self._ones())])
        return (total[self.start[1:]] - total[self.start[:-1]]).astype(np.float64)

    def boxes(self) -> np.ndarray:
        """(N, 4) float64 xywh, the smallest half-open boxes; an empty mask has [0, 0, 0, 0]."""
        boxes = np.zeros((len(self), 4))
        owner = np.repeat(np.arange(len(self)), np.diff(self.start))
        end = np.cumsum(self.lengths)
        end = end - np.concatenate([[0], end])[self.start[owner]]  # counted from the mask's first pixel
        solid = self._ones() & (self.lengths > 0)
        owner, end, begin = owner[solid], end[solid] - 1, (end - self.lengths)[solid]
        if not len(owner):
            return boxes
        height = self.size[owner, 0]
        left, right = begin // height, end // height
        tall = right > left  # a run over a column's end holds that column's last pixel and the next one's first
        top, bottom = np.where(tall, 0, begin % height), np.where(tall, height - 1, end % height)
        first = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
        x, y = np.minimum.reduceat(left, first), np.minimum.reduceat(top, first)
        w, h = np.maximum.reduceat(right, first) + 1 - x, np.maximum.reduceat(bottom, first) + 1 - y
        boxes[owner[first]] = np.stack([x, y, w, h], axis=1)
        return boxes

    def _ones(self) -> np.ndarray:
        """(L,) bool, which runs are of ones."""
        position = np.arange(len(self.lengths)) - np.repeat(self.start[:-1], np.diff(self.start))
        return position % 2 == 1


def _runs(pixels: np.ndarray) -> np.ndarray:
    """The run lengths of one row of pixels."""
    edges = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    runs = np.diff(np.concatenate([[0], edges, [len(pixels)]]))
    return np.concatenate([[0], runs]) if len(pixels) and pixels[0] else runs
