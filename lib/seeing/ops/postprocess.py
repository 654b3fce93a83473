"""From what an SSD predicts for its anchors to the detections of an image."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.best_candidates import best_candidates
from seeing.ops.best_detections import batched_detections
from seeing.ops.box_coding import decode_boxes


@takes_arrays("class_logits", "box_deltas", "anchors")
def ssd_postprocess(
    class_logits: Tensor,
    box_deltas: Tensor,
    anchors: Tensor,
    image_size: tuple[int, int] | Sequence[tuple[int, int]],
    score_threshold: float = 0.01,
    nms_threshold: float = 0.45,
    topk_candidates: int = 400,
    detections_per_img: int = 200,
    *,
    weights: Sequence[float] = (10.0, 10.0, 5.0, 5.0),
) -> list[dict[str, Tensor]]:
    """Scores by softmax; of each class the best candidates over a threshold; NMS within each class; the best of all.

    Equal to torchvision's `SSD.postprocess_detections`, detection for detection, as long as no class has equal scores:
    it does not say which of them it takes; here the first anchor comes first.

    Args:
        class_logits: (B, N, C), class 0 is the background.
        box_deltas: (B, N, 4), as `encode_boxes` makes them.
        anchors: (N, 4) or (B, N, 4) xyxy pixels.
        image_size: (height, width) in pixels of all images, or of each; boxes are cut at the border.
        score_threshold: a candidate has a score over this, at least 0.
        nms_threshold: a box whose IoU with a better one of its class is over this goes.
        topk_candidates: candidates of each class, at most.
        detections_per_img: detections of each image, at most.
        weights: those of the offsets.

    Returns:
        For each image "boxes" (D, 4), "scores" (D,) and "labels" (D,) int64 in 1..C-1, best first. D may be 0.

    Raises:
        ValueError: if the shapes do not fit, a number is negative, a predicted box is NaN, or there is not one size for
            each image.

    Example:
        >>> anchors = torch.tensor([[0.0, 0, 10, 10], [0, 1, 10, 10], [20, 20, 30, 30]])
        >>> logits = torch.tensor([[[0.0, 9], [0, 8], [0, 7]]])  # background, object
        >>> ssd_postprocess(logits, torch.zeros(1, 3, 4), anchors, (32, 32))[0]["boxes"]
        tensor([[ 0.,  0., 10., 10.],
                [20., 20., 30., 30.]])

    Source: Liu et al., SSD (2016), sections 2 and 3.7 ("inference time").
    """
    _check_heads(class_logits, box_deltas, anchors)
    if not score_threshold >= 0 or topk_candidates < 0 or detections_per_img < 0:
        raise ValueError(
            "score_threshold, topk_candidates and detections_per_img must be at least 0; "
            f"got {score_threshold}, {topk_candidates} and {detections_per_img}"
        )
    images, _, classes = class_logits.shape
    scores = class_logits.softmax(dim=-1)
    scores = torch.cat([torch.full_like(scores[..., :1], -torch.inf), scores[..., 1:]], dim=-1)  # (B, N, C)
    columns = scores.movedim(0, 1).flatten(1)  # (N, B C): a class of an image is a class of the batch
    passing = best_candidates(columns, score_threshold, most_per_class=topk_candidates)
    image, label = passing.labels // classes, passing.labels % classes  # (K,) each
    chosen = anchors[image, passing.anchors] if anchors.dim() == 3 else anchors[passing.anchors]  # (K, 4)
    boxes = decode_boxes(box_deltas[image, passing.anchors], chosen, weights)  # (K, 4)
    boxes = torch.minimum(boxes.clamp(min=0), _borders(image_size, images).to(boxes)[image])
    return batched_detections(boxes, passing.scores, label, image, images, nms_threshold, detections_per_img)


def _borders(image_size: tuple[int, int] | Sequence[tuple[int, int]], images: int) -> Tensor:
    """(B, 4): width, height, width, height of each image, where its boxes end."""
    numbers = torch.as_tensor(image_size)
    sizes = numbers.expand(images, 2) if numbers.shape == (2,) else numbers
    if sizes.shape != (images, 2):
        raise ValueError(f"image_size must be (height, width), or one for each of {images} images; got {image_size}")
    return sizes.flip(1).repeat(1, 2)


def _check_heads(class_logits: Tensor, box_deltas: Tensor, anchors: Tensor) -> None:
    fits = class_logits.dim() == 3 and class_logits.shape[2] >= 1 and class_logits.is_floating_point()
    if not fits or box_deltas.shape != (*class_logits.shape[:2], 4):
        raise ValueError(
            "class_logits must be floating point, (B, N, C), and box_deltas (B, N, 4); "
            f"got {class_logits.dtype} {tuple(class_logits.shape)} and {tuple(box_deltas.shape)}"
        )
    if anchors.shape not in (box_deltas.shape, box_deltas.shape[1:]):
        raise ValueError(
            f"anchors must be (N, 4) or (B, N, 4) for box_deltas {tuple(box_deltas.shape)}; got {tuple(anchors.shape)}"
        )
