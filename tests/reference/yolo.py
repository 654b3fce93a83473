"""The loss of the first YOLO, cell by cell, as its authors' detection layer takes it: slow, and nothing is shared."""

import math


def overlap(a, b):
    """IoU of two boxes (x, y, w, h) around their centres."""
    w = min(a[0] + a[2] / 2, b[0] + b[2] / 2) - max(a[0] - a[2] / 2, b[0] - b[2] / 2)
    h = min(a[1] + a[3] / 2, b[1] + b[3] / 2) - max(a[1] - a[3] / 2, b[1] - b[3] / 2)
    if w < 0 or h < 0:
        return 0.0
    union = a[2] * a[3] + b[2] * b[3] - w * h
    return w * h / union if union else 0.0


def losses(predictions, targets, grid, image_size):
    """The four sums of half squared differences over the batch, divided by the number of images, as floats."""
    (rows, columns), (height, width) = grid, image_size
    terms = {"classification": 0.0, "objectness": 0.0, "no_objectness": 0.0, "bbox_regression": 0.0}
    for classes, confidences, boxes, target in zip(*(part.tolist() for part in predictions), targets, strict=True):
        owner = {}
        for (x1, y1, x2, y2), label in zip(target["boxes"].tolist(), target["labels"].tolist(), strict=True):
            w, h = (x2 - x1) / width, (y2 - y1) / height
            if w < 0.005 or h < 0.005:
                continue
            x, y = (x1 + x2) / 2 / width * columns, (y1 + y2) / 2 / height * rows
            column, row = min(int(x), columns - 1), min(int(y), rows - 1)
            owner.setdefault(row * columns + column, (label, x - column, y - row, w, h))
        for cell in range(rows * columns):
            best = None
            if cell in owner:
                label, x, y, w, h = owner[cell]
                truth = (x / columns, y / rows, w, h)
                best, best_iou, best_distance = 0, 0.0, math.inf
                for place, (px, py, pw, ph) in enumerate(boxes[cell]):
                    out = (px / columns, py / rows, pw * pw, ph * ph)
                    iou = overlap(out, truth)
                    distance = math.sqrt(sum((a - b) ** 2 for a, b in zip(out, truth, strict=True)))
                    if best_iou > 0 or iou > 0:
                        if iou > best_iou:
                            best, best_iou = place, iou
                    elif distance < best_distance:
                        best, best_distance = place, distance
                for number, value in enumerate(classes[cell]):
                    terms["classification"] += (value - (number == label - 1)) ** 2
                terms["objectness"] += (confidences[cell][best] - best_iou) ** 2
                written = (x, y, math.sqrt(w), math.sqrt(h))
                differences = (a - b for a, b in zip(boxes[cell][best], written, strict=True))
                terms["bbox_regression"] += 5 * sum(d * d for d in differences)
            for place, value in enumerate(confidences[cell]):
                if place != best:
                    terms["no_objectness"] += 0.5 * value * value
    return {name: value / 2 / len(targets) for name, value in terms.items()}
