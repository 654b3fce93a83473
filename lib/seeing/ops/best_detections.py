"""From candidates to the detections of an image: the last step of every detector with anchors, points or proposals."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.box_checks import check_scored_boxes
from seeing.ops.checks import values_can_be_read
from seeing.ops.nms import batched_nms


@takes_arrays("boxes", "scores", "labels")
def best_detections(
    boxes: Tensor,
    scores: Tensor,
    labels: Tensor,
    nms_threshold: float = 0.5,
    detections_per_img: int = 100,
) -> dict[str, Tensor]:
    """NMS within each class; of what it leaves, the best of all classes.

    Args:
        boxes: (K, 4) xyxy pixels of the candidates of one image, of all levels together; floating point.
        scores: (K,), of the boxes' dtype.
        labels: (K,) integers.
        nms_threshold: a box whose IoU with a better one of its class is over this goes.
        detections_per_img: detections, at most.

    Returns:
        "boxes" (D, 4), "scores" (D,) and "labels" (D,), best first, and of equal scores the first candidate first. D
        may be 0.

    Raises:
        ValueError: as `batched_nms` (shapes that do not fit, a NaN in a box or score), and if `detections_per_img` is
            negative.

    Example:
        >>> boxes = torch.tensor([[0.0, 0, 4, 4], [0, 0, 4, 4], [0, 0, 4, 4]])
        >>> found = best_detections(boxes, torch.tensor([0.9, 0.8, 0.7]), torch.tensor([1, 1, 2]))
        >>> found["labels"]  # the second has a better one of its class on top of it
        tensor([1, 2])
    """
    if detections_per_img < 0:
        raise ValueError(f"detections_per_img must be at least 0; got {detections_per_img}")
    keep = batched_nms(boxes, scores, labels, nms_threshold)[:detections_per_img]
    return {"boxes": boxes[keep], "scores": scores[keep], "labels": labels[keep]}


@takes_arrays("boxes", "scores", "labels", "images")
def batched_detections(
    boxes: Tensor,
    scores: Tensor,
    labels: Tensor,
    images: Tensor,
    num_images: int,
    nms_threshold: float = 0.5,
    detections_per_img: int = 100,
) -> list[dict[str, Tensor]]:
    """`best_detections` of all images of a batch at once: one NMS, and one wait for the device.

    Args:
        boxes: (K, 4) xyxy pixels of the candidates of all images.
        scores: (K,), of the boxes' dtype.
        labels: (K,) int64, at least 0.
        images: (K,) int64, the image of each candidate, in 0..num_images-1.
        num_images: images in the batch; one without candidates gets a result without boxes.
        nms_threshold: a box whose IoU with a better one of its class in its image is over this goes.
        detections_per_img: detections of each image, at most.

    Returns:
        For each image what `best_detections` returns.

    Raises:
        ValueError: as `batched_nms`, and if a number is negative, `images` and `labels` are not (K,) int64, or one of
            them is out of its range.

    Example:
        >>> boxes = torch.tensor([[0.0, 0, 4, 4], [0, 0, 4, 4]])  # the same place in two images
        >>> found = batched_detections(boxes, torch.ones(2), torch.tensor([1, 1]), torch.tensor([0, 1]), num_images=2)
        >>> [len(image["boxes"]) for image in found]
        [1, 1]
    """
    if detections_per_img < 0 or num_images < 0:
        raise ValueError(
            f"detections_per_img and num_images must be at least 0; got {detections_per_img} and {num_images}"
        )
    check_scored_boxes(boxes, scores)
    for name, column in (("labels", labels), ("images", images)):
        if column.shape != scores.shape or column.dtype != torch.int64:
            raise ValueError(f"{name} must be int64 ({len(scores)},); got {column.dtype} {tuple(column.shape)}")
    if len(images) and values_can_be_read(images, labels):
        first, last, lowest = int(images.min()), int(images.max()), int(labels.min())
        if first < 0 or last >= num_images or lowest < 0:
            raise ValueError(
                f"images must be in 0..{num_images - 1} and labels at least 0; got images {first} to {last}, labels "
                f"from {lowest}"
            )
    classes = labels.max() + 1 if len(labels) else 1
    keep = batched_nms(boxes, scores, images * classes + labels, nms_threshold)  # of all images, best first
    keep = keep[images[keep].argsort(stable=True)]  # image by image, best first
    found = torch.bincount(images[keep], minlength=num_images).tolist()
    best = [part[:detections_per_img] for part in keep.split(found)]
    return [{"boxes": boxes[k], "scores": scores[k], "labels": labels[k]} for k in best]
