"""What a COCO evaluation asks for: its thresholds, its sizes and how many detections it looks at."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from seeing.arrays import as_array

SIZES = {"s": (0.0, 32.0**2), "m": (32.0**2, 96.0**2), "l": (96.0**2, 1e10)}
THRESHOLDS = tuple(np.linspace(0.5, 0.95, 10).tolist())
RECALLS = tuple(np.linspace(0.0, 1.0, 101).tolist())
CELLS = 63  # pairs of a threshold and an area range that fit a word


@dataclass(frozen=True)
class CocoCriteria:
    """COCO's own grid unless said otherwise.

    Attributes:
        iou_thresholds: ascending, in (0, 1].
        area_ranges: name: (least, largest) area in square pixels, both inclusive; "all", 0 to 1e10, is always there.
        max_detections: ascending: how many detections of one image and class count, best first. AP takes the last.
        recalls: ascending, where precision is read off.

    Raises:
        ValueError: if a list is empty, not ascending or out of its range, or there are over 62 area ranges.

    Source: Lin et al., Microsoft COCO (2014), section 5, and the evaluation code published with it.
    """

    iou_thresholds: Sequence[float] = THRESHOLDS
    area_ranges: Mapping[str, tuple[float, float]] = field(default_factory=lambda: dict(SIZES))
    max_detections: Sequence[int] = (1, 10, 100)
    recalls: Sequence[float] = RECALLS

    def __post_init__(self) -> None:
        for name, least, most in (("iou_thresholds", 0, 1), ("recalls", 0, 1), ("max_detections", 1, sys.maxsize)):
            values = as_array(getattr(self, name), name).astype(np.float64)
            ascending = values.ndim == 1 and values.size > 0 and (np.diff(values) > 0).all()
            if not ascending or not (values[0] >= least and values[-1] <= most):
                raise ValueError(f"{name} must be ascending numbers in [{least}, {most}]; got {values.tolist()}")
            # Plain numbers can be compared and printed; a frozen dataclass is set up this way.
            kind = int if name == "max_detections" else float
            object.__setattr__(self, name, tuple(map(kind, as_array(getattr(self, name), name).tolist())))
        if self.iou_thresholds[0] == 0:
            raise ValueError("iou_thresholds must be over 0: every pair reaches an overlap of 0")
        if "all" in self.area_ranges or len(self.area_ranges) >= CELLS:
            raise ValueError(f'area_ranges must be at most {CELLS - 1} named ranges besides "all"')
        for name, (low, high) in self.area_ranges.items():
            if not low <= high or name.isdigit():
                raise ValueError(f"area_ranges must be name: (least, largest); got {name!r}: ({low}, {high})")

    @property
    def areas(self) -> np.ndarray:
        """(A, 2) the least and the largest area of each range; "all" is the first."""
        return np.array([(0.0, 1e10), *self.area_ranges.values()], np.float64)

    @property
    def words(self) -> list[np.ndarray]:
        """The thresholds as they are compared, as many at a time as fit a word with all area ranges.

        An overlap of exactly 1 may come out a rounding error below 1, so no threshold is above 1 - 1e-10.
        """
        thresholds = np.minimum(np.asarray(self.iou_thresholds, np.float64), 1 - 1e-10)
        step = CELLS // len(self.areas)
        return [thresholds[i : i + step] for i in range(0, len(thresholds), step)]
