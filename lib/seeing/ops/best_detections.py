"""From candidates to the detections of an image: the last step of every detector with anchors, points or proposals."""

from __future__ import annotations

from torch import Tensor

from seeing.arrays import takes_arrays
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
