"""The twelve numbers of COCO, for boxes and for masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal

import numpy as np

from seeing.metrics.coco.criteria import CocoCriteria
from seeing.metrics.coco.curves import class_order, precision_and_recall
from seeing.metrics.coco.files import arrays_from_files
from seeing.metrics.coco.matching import Matches, match_detections
from seeing.metrics.coco.tensors import arrays_from_tensors
from seeing.metrics.detection_arrays import DetectionArrays

IouType = Literal["bbox", "segm"]


class CocoResult(dict[str, float]):
    """The numbers by their short names, AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100, ARs, ARm, ARl, and behind
    them the curves they are means of.

    Attributes:
        criteria: what was asked.
        categories: (K,) int64 the classes, ascending.
        precision: (A, T, R, K) at each recall, at most `max_detections[-1]` detections a class and image; -1 where a
            class has no truth that counts.
        recall: (A, M, T, K) reached; -1 likewise.
    """

    def __init__(
        self, precision: np.ndarray, recall: np.ndarray, criteria: CocoCriteria, categories: np.ndarray
    ) -> None:
        super().__init__(_summary(precision, recall, criteria))
        self.precision, self.recall, self.criteria, self.categories = precision, recall, criteria, categories

    @property
    def per_class(self) -> dict[int, dict[str, float]]:
        """The same numbers for each class alone."""
        return {
            int(name): _summary(self.precision[..., k : k + 1], self.recall[..., k : k + 1], self.criteria)
            for k, name in enumerate(self.categories)
        }


def coco_evaluate(
    predictions: Sequence[Mapping[str, Any]] | str | PathLike,
    targets: Sequence[Mapping[str, Any]] | Mapping[str, Any] | str | PathLike,
    iou_type: IouType = "bbox",
    *,
    iou_thresholds: Sequence[float] | None = None,
    area_ranges: Mapping[str, tuple[float, float]] | None = None,
    max_detections: Sequence[int] = (1, 10, 100),
    image_ids: Sequence[int] | None = None,
    lose_id_zero: bool = True,
) -> CocoResult:
    """COCO's average precision and average recall, equal to those of the published evaluation code.

    Of files that leave room, on which evaluators part (the page on average precision has their answers in a table):

    - A truth with **annotation id 0** is missed even where it is found, as in the published code, with a
      `LostTruthWarning` that names the file. Any other id is fine, -1 too. No other input ever warns.
    - An id that stands there twice is refused, and so is one that is no whole number.
    - A missing or null `area` is that of the box, or where masks are compared that of the mask; a missing or null
      `iscrowd` is 0. What else `iscrowd` may be is said in `seeing.data.crowd`.
    - A result of an image that the file does not list is refused; one of an unlisted category is left out.
    - AP is that of `max_detections[-1]`, whatever that is. (The published code asks for 100 and gives -1 if the limits
      are others, such as 1, 10, 1000.)

    Args:
        predictions: one `Detections` dictionary for each image: boxes (N, 4) xyxy pixels, scores (N,), labels (N,),
            and for "segm" masks, (N, H, W) bool or a list of COCO's run-length dictionaries. Or COCO's results: the
            path of a JSON file, or its loaded list; or a whole file in COCO's form whose annotations have scores.
        targets: one `DetectionTarget` dictionary for each image, in the same order: boxes, labels, and where there
            are some iscrowd, area (that of the box or the mask if missing) and masks. Or COCO's annotations: a path,
            or the loaded dictionary. Labels may be missing in both lists: everything is then one class.
        iou_type: "bbox" compares boxes, "segm" masks.
        iou_thresholds: ascending; .5, .55, ... .95 if None.
        area_ranges: name: (least, largest) area in square pixels; COCO's s, m and l if None.
        max_detections: ascending: how many detections of an image and class count, best first.
        image_ids: of files: only these images; all if None.
        lose_id_zero: of files: False counts the truth with annotation id 0 like any other, as if the ids began at 1,
            and does not warn.

    Returns:
        The numbers by name, in [0, 1]; **-1 where there is no truth that could be found** (no small object for APs,
        no object at all for AP), as the published code has it. Other area ranges and limits change the names: AP and
        AR with the range's name, AR with the limit.

    Raises:
        ValueError: for malformed input, naming the image or the file and the record.

    Warns:
        LostTruthWarning: for a file with an annotation id 0, once a call.

    Example:
        >>> truths = [{"boxes": [[0.0, 0, 4, 4]]}]
        >>> result = coco_evaluate([{"boxes": [[0.0, 0, 4, 3]], "scores": [0.9]}], truths)
        >>> round(result["AP75"], 4), round(result["AP"], 4)  # an IoU of .75 is enough for 6 of 10 thresholds
        (1.0, 0.6)

    Source: Lin et al., Microsoft COCO (2014), section 5, and the evaluation code published with it.
    """
    criteria = criteria_of(iou_thresholds, area_ranges, max_detections)
    check_iou_type(iou_type)
    if isinstance(targets, str | PathLike | Mapping) or isinstance(predictions, str | PathLike):
        arrays = arrays_from_files(predictions, targets, iou_type, image_ids, lose_id_zero)
    elif image_ids is not None:
        raise ValueError("image_ids choose from the images of a file; leave the others out of a list")
    else:
        arrays = arrays_from_tensors(predictions, targets, iou_type)
    return coco_evaluate_arrays(arrays, criteria)


def coco_evaluate_arrays(arrays: DetectionArrays, criteria: CocoCriteria | None = None) -> CocoResult:
    """`coco_evaluate` of flat arrays: no dictionary and no file stands between the numbers and the evaluation."""
    criteria = criteria or CocoCriteria()
    return result_of(match_detections(arrays, criteria), criteria)


def result_of(matches: Matches, criteria: CocoCriteria) -> CocoResult:
    curves = precision_and_recall(matches, criteria, *class_order(matches))
    return CocoResult(*curves, criteria, matches.categories)


def names(criteria: CocoCriteria) -> list[str]:
    sizes, limits = list(criteria.area_ranges), criteria.max_detections
    precisions = ["AP", "AP50", "AP75", *(f"AP{size}" for size in sizes)]
    return [*precisions, *(f"AR{limit}" for limit in limits), *(f"AR{size}" for size in sizes)]


def _summary(precision: np.ndarray, recall: np.ndarray, criteria: CocoCriteria) -> dict[str, float]:
    """Means over what is defined: precision over thresholds, recalls and classes, recall over thresholds, classes."""
    thresholds = np.asarray(criteria.iou_thresholds)
    parts = [precision[0], precision[0, thresholds == 0.5], precision[0, thresholds == 0.75], *precision[1:]]
    parts += [*recall[0], *recall[1:, -1]]
    return {name: _mean(part) for name, part in zip(names(criteria), parts, strict=True)}


def _mean(values: np.ndarray) -> float:
    defined = values[values > -1]
    return float(defined.mean()) if defined.size else -1.0


def criteria_of(
    iou_thresholds: Sequence[float] | None,
    area_ranges: Mapping[str, tuple[float, float]] | None,
    max_detections: Sequence[int],
) -> CocoCriteria:
    usual = CocoCriteria()
    return CocoCriteria(
        iou_thresholds=usual.iou_thresholds if iou_thresholds is None else iou_thresholds,
        area_ranges=usual.area_ranges if area_ranges is None else area_ranges,
        max_detections=max_detections,
    )


def check_iou_type(iou_type: str) -> None:
    if iou_type not in ("bbox", "segm"):
        raise ValueError(f'iou_type must be "bbox" or "segm"; got {iou_type!r}')
