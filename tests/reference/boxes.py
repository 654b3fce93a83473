"""Boxes one at a time: the oracles for IoU and for the four ways to suppress. Nothing here is clever."""

import math

Box = list[float]


def iou(a: Box, b: Box) -> float:
    """Of two xyxy boxes; 0 where both have no area."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    inter = max(width, 0) * max(height, 0)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter
    return inter / union if union else 0.0


def by_score(scores: list[float]) -> list[int]:
    """Indices by falling score, the first of equals first."""
    return sorted(range(len(scores)), key=lambda i: -scores[i])


def nms(boxes: list[Box], scores: list[float], threshold: float) -> list[int]:
    """Each box, best first, unless a kept one overlaps it too much."""
    keep = []
    for i in by_score(scores):
        if all(iou(boxes[k], boxes[i]) <= threshold for k in keep):
            keep.append(i)
    return keep


def batched_nms(boxes: list[Box], scores: list[float], categories: list[int], threshold: float) -> list[int]:
    """`nms` in each category; then all that was kept, best first."""
    kept = set()
    for category in set(categories):
        members = [i for i, c in enumerate(categories) if c == category]
        found = nms([boxes[i] for i in members], [scores[i] for i in members], threshold)
        kept.update(members[k] for k in found)
    return [i for i in by_score(scores) if i in kept]


def soft_nms(
    boxes: list[Box], scores: list[float], threshold: float, sigma: float, min_score: float, method: str
) -> tuple[list[int], list[float]]:
    """Take the best, lower the others, drop what is too low."""
    left = {i: score for i, score in enumerate(scores) if score >= min_score}
    keep, lowered = [], []
    while left:
        best = max(left, key=left.get)
        keep.append(best)
        lowered.append(left.pop(best))
        for i in list(left):
            overlap = iou(boxes[best], boxes[i])
            if method == "gaussian":
                left[i] *= math.exp(-(overlap**2) / sigma)
            elif overlap >= threshold:
                left[i] *= 1 - overlap
            if left[i] < min_score:
                del left[i]
    return keep, lowered


def matrix_nms(
    overlap: list[list[float]], scores: list[float], categories: list[int], sigma: float, method: str
) -> list[float]:
    """The lowered score of each region, from the IoU of every pair."""

    def f(x: float) -> float:
        return math.exp(-(x**2) / sigma) if method == "gaussian" else 1 - x

    def better(j: int) -> list[int]:
        ahead = order[: order.index(j)]
        return [i for i in ahead if categories[i] == categories[j]]

    order = by_score(scores)
    lowered = []
    for j, score in enumerate(scores):
        share = 1.0
        for i in better(j):
            worst = max((overlap[k][i] for k in better(i)), default=0.0)
            if f(worst) > 0:
                share = min(share, f(overlap[i][j]) / f(worst))
        lowered.append(score * share)
    return lowered
