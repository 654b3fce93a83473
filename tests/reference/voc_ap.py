"""PASCAL VOC's average precision as a slow loop over the ranked list, as its development kit is written."""

import numpy as np


def overlap(a: list[float], b: list[float], more: int) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0]) + more
    height = min(a[3], b[3]) - max(a[1], b[1]) + more
    if width <= 0 or height <= 0:
        return 0.0
    area, other = ((c[2] - c[0] + more) * (c[3] - c[1] + more) for c in (a, b))
    return width * height / (area + other - width * height)


def average_precision(detections, truths, threshold, method, inclusive=False, label=1, drop_wrong=False):
    """Of one class. `drop_wrong` is a mistake: only detections that overlap a truth enough are kept."""
    ranked = [
        (float(s), i, b)
        for i, d in enumerate(detections)
        for s, b, k in zip(d["scores"].tolist(), d["boxes"].tolist(), d["labels"].tolist(), strict=True)
        if k == label
    ]
    ranked.sort(key=lambda entry: -entry[0])
    objects = []
    for t in truths:
        hard = t.get("difficult", [False] * len(t["labels"]))
        rows = zip(t["boxes"].tolist(), t["labels"].tolist(), hard, strict=True)
        objects.append([[b, bool(h), False] for b, k, h in rows if k == label])
    total = sum(not hard for image in objects for _, hard, _ in image)
    right = []
    for _, image, box in ranked:
        best, found = -1.0, None
        for entry in objects[image]:
            iou = overlap(box, entry[0], int(inclusive))
            if iou > best:
                best, found = iou, entry
        if found is None or best < threshold:
            if not drop_wrong:
                right.append(False)
        elif not found[1]:
            right.append(not found[2])
            found[2] = True
    return from_list(right, total, method)


def from_list(right: list[bool], total: int, method: str) -> float:
    if total == 0:
        return float("nan")
    recall, precision, found = [], [], 0
    for n, hit in enumerate(right):
        found += hit
        recall.append(found / total)
        precision.append(found / (n + 1))
    if method == "11point":
        points = np.linspace(0, 1, 11)
        return sum(max((p for p, r in zip(precision, recall, strict=True) if r >= t), default=0) for t in points) / 11
    ap, before = 0.0, 0.0
    for n, r in enumerate(recall):
        ap += (r - before) * max(precision[n:])
        before = r
    return ap
