"""Per-image dictionaries of tensors as the flat arrays of the COCO evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seeing.metrics.detection_arrays import DetectionArrays, given
from seeing.metrics.detection_lists import length, mask_column, read_lists


def arrays_from_tensors(
    predictions: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]], iou_type: str
) -> DetectionArrays:
    """`Detections` and `DetectionTarget` dictionaries, one of each an image, laid end to end.

    Raises:
        ValueError: naming the list, the image and the key, if something is missing or malformed, or if the lists
            differ in length.
    """
    masks = iou_type == "segm"
    if masks:
        predictions, targets = _with_boxes(predictions, "predictions"), _with_boxes(targets, "targets")
    detections, truths = read_lists(predictions, targets, ("area", "iscrowd"))
    label = given(detections.label)
    categories, labels = np.unique(np.concatenate([label, given(truths.label)]), return_inverse=True)
    return DetectionArrays(
        image=detections.image,
        label=labels[: len(label)],
        score=given(detections.others["scores"]),
        box=_xywh(detections.box),
        truth_image=truths.image,
        truth_label=labels[len(label) :],
        truth_box=_xywh(truths.box),
        images=truths.images,
        categories=categories,
        truth_area=truths.others["area"],
        truth_crowd=truths.others["iscrowd"],
        masks=mask_column(predictions, "predictions") if masks else None,
        truth_masks=mask_column(targets, "targets") if masks else None,
    )


def _xywh(box: np.ndarray) -> np.ndarray:
    return np.concatenate([box[:, :2], box[:, 2:] - box[:, :2]], axis=1)


def _with_boxes(records: Sequence[Mapping[str, Any]], what: str) -> Sequence[Mapping[str, Any]]:
    """Masks bring their own boxes: whatever stands there only says how many objects there are."""
    if not isinstance(records, Sequence):
        return records
    lacking = [isinstance(r, Mapping) and "masks" in r and "boxes" not in r for r in records]
    return [
        {**r, "boxes": np.zeros((length(r["masks"], f"{what}[{i}]['masks']"), 4))} if lacks else r
        for i, (r, lacks) in enumerate(zip(records, lacking, strict=True))
    ]
