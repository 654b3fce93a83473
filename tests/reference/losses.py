"""Losses of one element at a time, in Python's floats, straight from the papers' formulas."""

from __future__ import annotations

import math


def softmax(logits: list[float]) -> list[float]:
    highest = max(logits)
    powers = [math.exp(x - highest) for x in logits]
    return [p / sum(powers) for p in powers]


def sigmoid_focal(x: float, target: float, alpha: float, gamma: float) -> float:
    """For a target of 0 or 1, exact for any logit."""
    z = x if target == 1 else -x  # the logit of the right answer
    log_p = -math.log1p(math.exp(-z)) if z > 0 else z - math.log1p(math.exp(z))
    wrong = math.exp(-z) / (1 + math.exp(-z)) if z > 0 else 1 / (1 + math.exp(z))
    factor = 1 if alpha < 0 else (alpha if target == 1 else 1 - alpha)
    return -factor * wrong**gamma * log_p


def dice(probabilities: list[float], truth: list[int], smooth: float, squared: bool) -> float:
    shared = sum(p * g for p, g in zip(probabilities, truth, strict=True))
    power = 2 if squared else 1
    total = sum(p**power for p in probabilities) + sum(g**power for g in truth)
    return 0.0 if total + smooth == 0 else 1 - (2 * shared + smooth) / (total + smooth)


def smooth_l1(a: float, b: float, beta: float) -> float:
    d = abs(a - b)
    return d * d / (2 * beta) if d < beta else d - beta / 2


def iou_family(a, b) -> dict[str, float]:
    """1 - IoU, GIoU, DIoU and CIoU of two boxes with area, with an eps of 0."""
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    union = sum(areas) - width * height
    iou = width * height / union
    hull_width = max(a[2], b[2]) - min(a[0], b[0])
    hull_height = max(a[3], b[3]) - min(a[1], b[1])
    hull = hull_width * hull_height
    centres = [((c[0] + c[2]) / 2, (c[1] + c[3]) / 2) for c in (a, b)]
    distance = math.dist(*centres) ** 2 / (hull_width**2 + hull_height**2)
    angles = [math.atan((c[2] - c[0]) / (c[3] - c[1])) for c in (a, b)]
    v = 4 / math.pi**2 * (angles[0] - angles[1]) ** 2
    weight = v / (1 - iou + v) if v else 0
    return {
        "iou": 1 - iou,
        "giou": 1 - iou + (hull - union) / hull,
        "diou": 1 - iou + distance,
        "ciou": 1 - iou + distance + weight * v,
    }
