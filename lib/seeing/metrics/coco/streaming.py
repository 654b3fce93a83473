"""COCO's numbers gathered batch by batch, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seeing.metrics.bootstrap import Interval, bootstrap_draws, check_confidence, percentile_interval
from seeing.metrics.coco.curves import class_order, draw_images, precision_and_recall
from seeing.metrics.coco.evaluate import CocoResult, IouType, check_iou_type, criteria_of, result_of
from seeing.metrics.coco.matching import Matches, match_detections
from seeing.metrics.coco.tensors import arrays_from_tensors
from seeing.metrics.distributed import check_same_setup


class CocoMetrics:
    """`coco_evaluate` batch by batch: each batch is matched as it comes, and only the outcome is kept.

    It may be pickled.

    Args:
        iou_type: as in `coco_evaluate`.
        iou_thresholds: as in `coco_evaluate`.
        area_ranges: as in `coco_evaluate`.
        max_detections: as in `coco_evaluate`.

    Example:
        >>> metrics = CocoMetrics()
        >>> metrics.update([{"boxes": [[0.0, 0, 4, 4]], "scores": [0.9]}], [{"boxes": [[0.0, 0, 4, 4]]}])  # one batch
        >>> round(metrics.compute()["AP"], 4)
        1.0
    """

    def __init__(
        self,
        iou_type: IouType = "bbox",
        *,
        iou_thresholds: Sequence[float] | None = None,
        area_ranges: Mapping[str, tuple[float, float]] | None = None,
        max_detections: Sequence[int] = (1, 10, 100),
    ) -> None:
        check_iou_type(iou_type)
        self.iou_type = iou_type
        self.criteria = criteria_of(iou_thresholds, area_ranges, max_detections)
        self.reset()

    def reset(self) -> None:
        """Forget all images."""
        self._parts: list[Matches] = []

    def update(self, predictions: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]]) -> None:
        """Match the images of a batch.

        Args:
            predictions: one dictionary for each image, as in `coco_evaluate`.
            targets: one dictionary for each image, in the same order.

        Raises:
            ValueError: as `coco_evaluate`.
        """
        self._parts.append(match_detections(arrays_from_tensors(predictions, targets, self.iou_type), self.criteria))

    def merge(self, other: CocoMetrics) -> None:
        """Take over what another one has gathered, as if this one had seen those images too, after its own.

        Raises:
            ValueError: if the two were set up differently.
        """
        check_same_setup(self, other, "iou_type", "criteria")
        self._parts = self._parts + other._parts

    def compute(self) -> CocoResult:
        """The numbers of all images so far; all -1 before the first."""
        return result_of(self._matches(), self.criteria)

    def bootstrap(self, *, samples: int = 1000, confidence: float = 0.95, seed: int = 0) -> dict[str, Interval]:
        """How far each number might be off by the luck of which images were drawn.

        Nothing is matched anew: a draw only counts the images of the first matching otherwise. A draw in which a
        number is undefined is left out of that number's interval.

        Args:
            samples: as in `bootstrap_interval`.
            confidence: as in `bootstrap_interval`.
            seed: as in `bootstrap_interval`.

        Returns:
            An interval for each name that `compute` reports.

        Raises:
            ValueError: as `bootstrap_interval`, also if there is no image yet.
        """
        check_confidence(confidence)
        matches = self._matches()
        order, start = class_order(matches)
        draws: list[dict[str, float]] = []
        for draw in bootstrap_draws(matches.images, samples, seed):
            copies = np.bincount(draw.numpy(), minlength=matches.images)
            drawn = draw_images(matches, order, start, copies)
            curves = precision_and_recall(matches, self.criteria, *drawn, copies)
            draws.append(CocoResult(*curves, self.criteria, matches.categories))
        # -1 stands for what is undefined
        defined = {name: [draw[name] if draw[name] >= 0 else math.nan for draw in draws] for name in draws[0]}
        return {name: percentile_interval(values, confidence) for name, values in defined.items()}

    def _matches(self) -> Matches:
        if not self._parts:
            self.update([], [])
        self._parts = [Matches.join(self._parts)]
        return self._parts[0]
