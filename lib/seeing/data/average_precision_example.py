"""A small detection data set with a published average precision, to work one through by hand."""

from __future__ import annotations

import torch

from seeing.data.target import Detections, DetectionTarget

# Per image: the truths, x y width height, then the detections, score x y width height.
IMAGES = (
    (
        ((25, 16, 38, 56), (129, 123, 41, 62)),
        ((0.88, 5, 67, 31, 48), (0.70, 119, 111, 40, 67), (0.80, 124, 9, 49, 67)),
    ),
    (
        ((123, 11, 43, 55), (38, 132, 59, 45)),
        ((0.71, 64, 111, 64, 58), (0.54, 26, 140, 60, 47), (0.74, 19, 18, 43, 35)),
    ),
    (
        ((16, 14, 35, 48), (123, 30, 49, 44), (99, 139, 47, 47)),
        (
            (0.18, 109, 15, 77, 39),
            (0.67, 86, 63, 46, 45),
            (0.38, 160, 62, 36, 53),
            (0.91, 105, 131, 47, 47),
            (0.44, 18, 148, 40, 44),
        ),
    ),
    (
        ((53, 42, 40, 52), (154, 43, 31, 34)),
        ((0.35, 83, 28, 28, 26), (0.78, 28, 68, 42, 67), (0.45, 87, 89, 25, 39), (0.14, 10, 155, 60, 26)),
    ),
    (
        ((59, 31, 44, 51), (48, 128, 34, 52)),
        ((0.62, 50, 38, 28, 46), (0.44, 95, 11, 53, 28), (0.95, 29, 131, 72, 29), (0.23, 29, 163, 72, 29)),
    ),
    (
        ((36, 89, 52, 76), (62, 58, 44, 67)),
        ((0.45, 43, 48, 74, 38), (0.84, 17, 155, 29, 35), (0.43, 95, 110, 25, 42)),
    ),
    (
        ((28, 31, 55, 63), (58, 67, 50, 58)),
        ((0.48, 16, 20, 101, 88), (0.95, 33, 116, 37, 49)),
    ),
)


def average_precision_example() -> tuple[list[Detections], list[DetectionTarget]]:
    """Seven images with 15 objects of one class and 24 detections.

    At an IoU threshold of .3 the AP is .2684 by the 11 points and .24569 by the area under the curve, for boxes whose
    x2, y2 are the last pixel; 7 detections are then right. Published are 26.84% and, from recalls and precisions cut
    to four digits, 24.56%. As half-open boxes, which they are here, one overlap falls to just under .3: the 11 points
    give .2684 again, and the area .2254.

    Returns:
        The detections and the truths of each image; boxes are half-open xyxy pixels, the label is 1.

    Example:
        >>> detections, truths = average_precision_example()
        >>> [sum(len(image["boxes"]) for image in images) for images in (detections, truths)]
        [24, 15]

    Source: Padilla, Netto and da Silva, A survey on performance metrics for object-detection algorithms (2020), and
        the example published with its evaluation code.
    """
    detections: list[Detections] = []
    truths: list[DetectionTarget] = []
    for objects, found in IMAGES:
        x, y, w, h = torch.tensor(objects, dtype=torch.float32).unbind(1)
        ones = torch.ones(len(objects), dtype=torch.int64)
        truths.append({"boxes": torch.stack([x, y, x + w, y + h], dim=1), "labels": ones})
        score, x, y, w, h = torch.tensor(found).unbind(1)
        boxes = torch.stack([x, y, x + w, y + h], dim=1)
        ones = torch.ones(len(found), dtype=torch.int64)
        detections.append({"boxes": boxes, "scores": score, "labels": ones})
    return detections, truths
