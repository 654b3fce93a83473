"""COCO data sets full of corner cases, and what the published evaluation code says of them."""

import contextlib
import copy
import io

import numpy as np
import torch
from pycocotools import mask as mask_api
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

CATEGORIES = [1, 2, 4, 7, 90]  # 90 has no truth
HEIGHT, WIDTH = 40, 60


def data_set(seed: int, images: int = 12, density: float = 6.0) -> tuple[dict, list[dict]]:
    """Annotations and results: crowds, empty images, an absent class, tied scores, over 100 detections of one class in
    an image, boxes without area, areas far from the box's, results of unknown classes, ids with gaps, no order.
    """
    rng = np.random.default_rng(seed)
    ids = rng.permutation(np.arange(3, 3 + 7 * images, 7)).tolist()
    annotations = []
    for image in ids[:-2]:
        for _ in range(rng.poisson(density)):
            box = random_box(rng)
            area = box[2] * box[3] * rng.choice([0.1, 0.5, 1.0, 100.0])
            crowd = int(rng.random() < 0.15)
            category = int(rng.choice(CATEGORIES[:-1]))
            record = {"image_id": image, "category_id": category, "bbox": box, "area": float(area), "iscrowd": crowd}
            annotations.append(record)
    for number, annotation in zip(rng.permutation(len(annotations)) * 3 + 1, annotations, strict=True):
        annotation["id"] = int(number)
    results = []
    for image in ids[1:]:
        near = [a for a in annotations if a["image_id"] == image]
        for n in range(rng.poisson(4 * density) + (150 if image == ids[1] else 0)):
            truth = near[rng.integers(len(near))] if near and rng.random() < 0.6 else None
            category = truth["category_id"] if truth and rng.random() < 0.8 else int(rng.choice([*CATEGORIES, 1000]))
            box = shaken(truth["bbox"], rng) if truth else random_box(rng)
            category = CATEGORIES[0] if image == ids[1] and n < 130 else category
            score = float(rng.integers(0, 8) / 8)  # many ties
            results.append({"image_id": image, "category_id": category, "bbox": box, "score": score})
    rng.shuffle(annotations)
    rng.shuffle(results)
    data = {
        "images": [{"id": i, "height": HEIGHT, "width": WIDTH} for i in ids],
        "categories": [{"id": c, "name": str(c)} for c in reversed(CATEGORIES)],
        "annotations": annotations,
    }
    return data, results


def random_box(rng: np.random.Generator) -> list[float]:
    """xywh; on a grid of halves, so that overlaps lie exactly at thresholds; one in twenty has no area."""
    width, height = rng.choice([4, 8, 16, 40, 120], 2) * rng.choice([0.5, 1.0, 1.5], 2)
    if rng.random() < 0.05:
        width = 0.0
    x, y = rng.integers(0, 40, 2) / 2
    return [float(x), float(y), float(width), float(height)]


def shaken(box: list[float], rng: np.random.Generator) -> list[float]:
    """The box, moved a little, or as it is."""
    x, y, w, h = box
    if rng.random() < 0.3:
        return list(box)
    dx, dy = rng.normal(0, 0.1, 2) * [w, h]
    dw, dh = np.exp(rng.normal(0, 0.15, 2))
    return [float(x + dx), float(y + dy), float(w * dw), float(h * dh)]


def with_masks(data: dict, results: list[dict], seed: int) -> tuple[dict, list[dict]]:
    """The same with a mask in each record: outlines, run lengths as text or as numbers; some are empty."""
    rng = np.random.default_rng(seed)
    for annotation in data["annotations"]:
        x, y, w, h = annotation["bbox"]
        outline = [[x, y, x + w, y, x + w, y + h, x, y + h]]
        kinds = [outline, text_runs(annotation["bbox"], rng), number_runs(annotation["bbox"], rng)]
        annotation["segmentation"] = kinds[rng.integers(3)]
    masked = [{**r, "segmentation": text_runs(r["bbox"], rng)} for r in results]
    return data, masked


def pixels(box: list[float], rng: np.random.Generator) -> np.ndarray:
    """(HEIGHT, WIDTH) a box with holes."""
    x, y, w, h = (round(v) for v in box)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)] = 1
    return mask * (rng.random(mask.shape) < rng.choice([0.0, 0.9, 1.0], p=[0.05, 0.45, 0.5])).astype(np.uint8)


def text_runs(box: list[float], rng: np.random.Generator) -> dict:
    runs = mask_api.encode(np.asfortranarray(pixels(box, rng)))
    return {"size": runs["size"], "counts": runs["counts"].decode()}


def number_runs(box: list[float], rng: np.random.Generator) -> dict:
    flat = pixels(box, rng).ravel(order="F")
    edges = np.flatnonzero(np.diff(flat, prepend=0))
    return {"size": [HEIGHT, WIDTH], "counts": np.diff(edges, prepend=0, append=flat.size).tolist()}


def published(data: dict, results: list[dict], iou_type: str = "bbox", **params: object) -> COCOeval:
    """The published code's evaluation; `stats` are the twelve numbers."""
    with contextlib.redirect_stdout(io.StringIO()):
        truths = COCO()
        truths.dataset = copy.deepcopy(data)
        truths.createIndex()
        evaluation = COCOeval(truths, truths.loadRes(copy.deepcopy(results)), iou_type)
        for name, value in params.items():
            setattr(evaluation.params, name, value)
        evaluation.evaluate()
        evaluation.accumulate()
        if not params:
            evaluation.summarize()
    return evaluation


def as_tensors(data: dict, results: list[dict]) -> tuple[list[dict], list[dict]]:
    """The same data set as one dictionary of predictions and one of truths for each image, in the order of the ids.

    Results of images or classes that the data set does not list are left out.
    """
    predictions, targets = [], []
    for image in sorted(i["id"] for i in data["images"]):
        found = [r for r in results if r["image_id"] == image and r["category_id"] in CATEGORIES]
        truths = [a for a in data["annotations"] if a["image_id"] == image]
        predictions.append({**_boxes(found), "scores": torch.tensor([r["score"] for r in found])})
        crowd = torch.tensor([a["iscrowd"] for a in truths], dtype=torch.bool)
        area = torch.tensor([a["area"] for a in truths], dtype=torch.float64)
        targets.append({**_boxes(truths), "iscrowd": crowd, "area": area})
    return predictions, targets


def _boxes(records: list[dict]) -> dict[str, torch.Tensor]:
    boxes = torch.tensor([r["bbox"] for r in records], dtype=torch.float64).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    return {"boxes": boxes, "labels": torch.tensor([r["category_id"] for r in records], dtype=torch.int64)}


def on_a_grid(data: dict, results: list[dict]) -> None:
    """Round all boxes to quarters of a pixel, so that xyxy and xywh are the same numbers exactly."""
    for record in [*data["annotations"], *results]:
        record["bbox"] = [round(4 * v) / 4 for v in record["bbox"]]
