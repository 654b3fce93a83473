"""Average precision as PASCAL VOC defines it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor

from seeing.metrics.bootstrap import Interval, bootstrap_interval
from seeing.metrics.distributed import check_same_setup
from seeing.metrics.voc_matching import Ranking, rank_detections
from seeing.renamed import renamed_arguments

Records = Sequence[Mapping[str, Any]]
Method = Literal["11point", "area"]
TENTHS = np.linspace(0, 1, 11)


class PrecisionRecall(NamedTuple):
    """A curve, one point for each detection that counts, best first; (n,) float64 each.

    Attributes:
        recall: of the list down to this detection.
        precision: of the list down to this detection.
        scores: of each detection.
    """

    recall: Tensor
    precision: Tensor
    scores: Tensor


def voc_ap(
    detections: Records,
    truths: Records,
    iou_threshold: float = 0.5,
    method: Method = "11point",
    *,
    inclusive: bool = False,
) -> float:
    """PASCAL VOC's average precision; of several classes their mean, mAP.

    The detections of a class are sorted by score, over all images at once; equal scores keep their order. Each looks
    at the truth of its class that it overlaps most, in its image. If the overlap reaches the threshold and no earlier
    detection has found that truth, it is right. If one has, or the overlap is too small, it is wrong: **a wrong
    detection stays in the list and lowers the precision of all that come after it**. A detection whose truth is
    marked as difficult is left out, and so is that truth.

    Args:
        detections: one dictionary for each image: boxes (N, 4) xyxy pixels, scores (N,), labels (N,). Labels may be
            missing in both lists: everything is then one class.
        truths: one dictionary for each image, in the same order: boxes, labels, and where there are some difficult,
            (N,) bool.
        iou_threshold: in (0, 1]. An overlap of exactly this is enough, as in VOC's own code.
        method: "11point" (VOC 2007 to 2009): the mean over the recalls 0, .1, ... 1 of the best precision at that
            recall or any higher one. "area" (since 2010): the area under the curve of that best precision.
        inclusive: whether x2, y2 are the box's last pixel, as VOC's files and code have them: every width and height
            is then one more.

    Returns:
        In [0, 1]; a class without truths is left out of the mean, and NaN if that is every class.

    Raises:
        ValueError: for malformed input, naming the image.

    Example:
        >>> truths = [{"boxes": [[0.0, 0, 4, 4]]}]
        >>> detections = [{"boxes": [[10.0, 0, 14, 4], [0, 0, 4, 4]], "scores": [0.9, 0.8]}]
        >>> voc_ap(detections, truths)  # a false alarm first: precision 1/2 at recall 1, and so at every recall
        0.5

    Source: Everingham et al., The PASCAL visual object classes challenge (2010), section 4.2, and (2015), section 4.1.
    """
    return _mean(voc_ap_per_class(detections, truths, iou_threshold, method, inclusive=inclusive))


def voc_ap_per_class(
    detections: Records,
    truths: Records,
    iou_threshold: float = 0.5,
    method: Method = "11point",
    *,
    inclusive: bool = False,
) -> dict[int, float]:
    """`voc_ap` of each class: label: AP, for the labels of either list, ascending. NaN for one without truths.

    Example:
        >>> truths = [{"boxes": [[0.0, 0, 4, 4], [10, 0, 14, 4]], "labels": [1, 2]}]
        >>> detections = [{"boxes": [[0.0, 0, 4, 4]], "scores": [0.9], "labels": [1]}]
        >>> voc_ap_per_class(detections, truths)
        {1: 1.0, 2: 0.0}
    """
    _check(method, iou_threshold)
    return _per_class(rank_detections(detections, truths, iou_threshold, inclusive), method)


def precision_recall(
    detections: Records,
    truths: Records,
    iou_threshold: float = 0.5,
    *,
    label: int | None = None,
    inclusive: bool = False,
) -> PrecisionRecall:
    """The curve behind `voc_ap`: how precision and recall change as the detections come in, best first.

    Args:
        detections: as in `voc_ap`.
        truths: as in `voc_ap`.
        iou_threshold: as in `voc_ap`.
        label: of this class alone; if None, of all detections in one list, each matched in its own class.
        inclusive: as in `voc_ap`.

    Returns:
        For each detection that counts: the recall and the precision of the list down to it, and its score. Without
        any truth the recall is NaN.

    Raises:
        ValueError: for malformed input, naming the image.

    Example:
        >>> truths = [{"boxes": [[0.0, 0, 4, 4]]}]
        >>> detections = [{"boxes": [[10.0, 0, 14, 4], [0, 0, 4, 4]], "scores": [0.9, 0.8]}]
        >>> precision_recall(detections, truths).precision.tolist()
        [0.0, 0.5]
    """
    _check("area", iou_threshold)
    ranking = rank_detections(detections, truths, iou_threshold, inclusive)
    ranking = ranking if label is None else ranking.of_class(label)
    recall, precision = _curve(ranking.right, ranking.total())
    return PrecisionRecall(*(torch.from_numpy(np.array(v, np.float64)) for v in (recall, precision, ranking.score)))


class VocMetrics:
    """`voc_ap` batch by batch. It may be pickled.

    Args:
        iou_threshold: as in `voc_ap`.
        method: as in `voc_ap`.
        inclusive: as in `voc_ap`.

    Example:
        >>> metrics = VocMetrics()
        >>> metrics.update([{"boxes": [[0.0, 0, 4, 4]], "scores": [0.9]}], [{"boxes": [[0.0, 0, 4, 4]]}])  # one batch
        >>> metrics.compute()
        1.0
    """

    def __init__(self, iou_threshold: float = 0.5, method: Method = "11point", *, inclusive: bool = False) -> None:
        _check(method, iou_threshold)
        self.iou_threshold = iou_threshold
        self.method = method
        self.inclusive = inclusive
        self.reset()

    def reset(self) -> None:
        """Forget all images."""
        self._parts: list[Ranking] = []

    @renamed_arguments(detections="predictions", truths="targets")
    def update(self, predictions: Records, targets: Records) -> None:
        """Match the images of a batch: the detections and truths of `voc_ap`."""
        names = ("predictions", "targets")
        self._parts.append(rank_detections(predictions, targets, self.iou_threshold, self.inclusive, names))

    def merge(self, other: VocMetrics) -> None:
        """Take over what another one has gathered, as if this one had seen those images too, after its own.

        Raises:
            ValueError: if the two were set up differently.
        """
        check_same_setup(self, other, "iou_threshold", "method", "inclusive")
        self._parts = self._parts + other._parts

    def compute(self) -> float:
        """The AP, or mAP, of all images so far; NaN before the first truth."""
        return _mean(self.per_class)

    @property
    def per_class(self) -> dict[int, float]:
        """The AP of each class so far, as `voc_ap_per_class`."""
        return _per_class(Ranking.join(self._parts), self.method)

    def bootstrap(self, *, samples: int = 1000, confidence: float = 0.95, seed: int = 0) -> Interval:
        """How far `compute` might be off by the luck of which images were drawn; as `bootstrap_interval`."""
        ranking = Ranking.join(self._parts)

        def redrawn(draw: Tensor) -> float:
            return _mean(_per_class(ranking.draw(np.bincount(draw.numpy(), minlength=ranking.images)), self.method))

        return bootstrap_interval(redrawn, ranking.images, samples=samples, confidence=confidence, seed=seed)


def average_precision(right: np.ndarray, total: int, method: Method) -> float:
    """The AP of one ranked list.

    Args:
        right: (n,) bool, best detection first: whether it found a truth.
        total: truths that should be found; NaN if 0.
        method: as in `voc_ap`.
    """
    if total == 0:
        return float("nan")
    recall, precision = _curve(right, total)
    best = np.maximum.accumulate(precision[::-1])[::-1]  # at this recall or any higher one
    if method == "11point":
        return float(np.append(best, 0.0)[np.searchsorted(recall, TENTHS)].mean())
    return float((np.diff(recall, prepend=0.0) * best).sum())


def _curve(right: np.ndarray, total: int) -> tuple[np.ndarray, np.ndarray]:
    true_positives = np.cumsum(right)
    return true_positives / (total or np.nan), true_positives / np.arange(1, len(right) + 1)


def _per_class(ranking: Ranking, method: Method) -> dict[int, float]:
    classes = (ranking.of_class(label) for label in ranking.labels())
    return {c.labels()[0]: average_precision(c.right, c.total(), method) for c in classes}


def _mean(per_class: Mapping[int, float]) -> float:
    values = np.array([v for v in per_class.values() if not np.isnan(v)])
    return float(values.mean()) if len(values) else float("nan")


def _check(method: str, iou_threshold: float) -> None:
    if method not in ("11point", "area"):
        raise ValueError(f'method must be "11point" or "area"; got {method!r}')
    if not 0 < iou_threshold <= 1:
        raise ValueError(f"iou_threshold must be in (0, 1]; got {iou_threshold}")
