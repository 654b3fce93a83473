"""COCO's twelve numbers from what each tool has in memory: 5,000 images, 500,000 detections, 36,000 truths, 80 classes.

Timed is all from there to the numbers: grouping and sorting where a tool has not done them while loading, matching,
curves and means. Ours starts from flat unsorted arrays (checking them included); the peers start from the objects that
they load files into, which have grouped the records by image already, and they print their table to nowhere. Before
the timing all are made to agree to the last digit.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ["RAYON_NUM_THREADS"] = "1"  # two peers would start a thread for each processor

import faster_coco_eval
import hotcoco
import numpy as np
import pycocotools.coco
import pycocotools.cocoeval
import ultrafast_pycocotools

from benchmarks.harness import Case, report
from seeing.metrics import DetectionArrays, coco_evaluate_arrays

WIDTH, HEIGHT = 640, 480


def columns(images: int, truths: int, detections: int, classes: int, seed: int = 0) -> dict[str, Any]:
    """A data set like COCO's: few classes an image, some frequent; a third of the detections lie near a truth.

    Scores have four decimals and boxes two, as result files have them: there are ties.
    """
    rng = np.random.default_rng(seed)
    share = 1 / (np.arange(classes) + 3.0)
    share /= share.sum()
    present = np.stack([rng.choice(classes, min(4, classes), p=share, replace=False) for _ in range(images)])
    owner = np.sort(rng.integers(0, images, truths))
    label = present[owner, rng.integers(0, present.shape[1], truths)]
    box = boxes(rng, truths)
    near = rng.random(detections) < 0.3
    image = np.repeat(np.arange(images), detections // images)
    found_label = present[image, rng.integers(0, present.shape[1], detections)]
    stray = rng.random(detections) < 0.4
    found_label[stray] = rng.choice(classes, int(stray.sum()), p=share)
    found_box, score = boxes(rng, detections), rng.beta(1, 6, detections)
    pick = np.searchsorted(owner, image) + (rng.random(detections) * np.bincount(owner, minlength=images)[image])
    pick = pick.astype(int)
    near &= np.bincount(owner, minlength=images)[image] > 0
    source, spread = pick[near], np.abs(rng.normal(0, 0.15, (int(near.sum()), 1)))
    moved = box[source].copy()
    moved[:, :2] += rng.normal(0, 1, (len(moved), 2)) * box[source, 2:] * spread
    moved[:, 2:] *= np.exp(rng.normal(0, 1, (len(moved), 2)) * spread)
    found_box[near] = moved
    found_label[near] = np.where(rng.random(len(moved)) < 0.8, label[source], found_label[near])
    score[near] = np.clip(rng.beta(2, 2, len(moved)) * (1 - 1.2 * spread[:, 0]), 0.01, 1)
    return {
        "image": image,
        "label": found_label,
        "score": score.round(4),
        "box": found_box.round(2),
        "truth_image": owner,
        "truth_label": label,
        "truth_box": box,
        "truth_area": box[:, 2] * box[:, 3] * rng.uniform(0.5, 1, truths),
        "truth_crowd": rng.random(truths) < 0.01,
        "images": images,
        "categories": np.arange(classes),
    }


def boxes(rng: np.random.Generator, count: int) -> np.ndarray:
    """(count, 4) xywh inside the picture."""
    size = np.exp(rng.normal(4, 1, (count, 2))).clip(4, [WIDTH, HEIGHT])
    corner = rng.random((count, 2)) * ([WIDTH, HEIGHT] - size)
    return np.concatenate([corner, size], axis=1).round(2)


def as_files(data: dict[str, Any]) -> tuple[dict, list[dict]]:
    """The same as COCO's annotations and results."""
    truths = zip(*(data[f"truth_{k}"].tolist() for k in ("image", "label", "box", "area", "crowd")), strict=True)
    annotations = [
        {"id": n + 1, "image_id": i, "category_id": k, "bbox": b, "area": a, "iscrowd": int(c)}
        for n, (i, k, b, a, c) in enumerate(truths)
    ]
    found = zip(*(data[k].tolist() for k in ("image", "label", "box", "score")), strict=True)
    results = [{"image_id": i, "category_id": k, "bbox": b, "score": s} for i, k, b, s in found]
    images = [{"id": i, "width": WIDTH, "height": HEIGHT} for i in range(data["images"])]
    categories = [{"id": int(k), "name": str(k)} for k in data["categories"]]
    return {"images": images, "categories": categories, "annotations": annotations}, results


def peer(load: type, evaluate: type, annotations: dict, results: list[dict]) -> Callable[[], list[float]]:
    """A peer's evaluation of what it has loaded."""
    with contextlib.redirect_stdout(io.StringIO()):
        truths = load(copy.deepcopy(annotations))
        found = truths.loadRes(copy.deepcopy(results))

    def call() -> list[float]:
        with contextlib.redirect_stdout(io.StringIO()):
            run = evaluate(truths, found, "bbox")
            run.evaluate()
            run.accumulate()
            run.summarize()
        return list(run.stats)[:12]

    return call


def pycocotools_loader(annotations: dict) -> pycocotools.coco.COCO:
    """Its constructor takes only a path."""
    truths = pycocotools.coco.COCO()
    truths.dataset = annotations
    truths.createIndex()
    return truths


TOOLS: dict[str, tuple[Any, Any]] = {
    "pycocotools": (pycocotools_loader, pycocotools.cocoeval.COCOeval),
    "faster-coco-eval": (faster_coco_eval.COCO, faster_coco_eval.COCOeval_faster),
    "ultrafast-pycocotools": (ultrafast_pycocotools.COCO, ultrafast_pycocotools.COCOeval),
    "hotcoco": (hotcoco.COCO, hotcoco.COCOeval),
}
FAST = ("ultrafast-pycocotools", "hotcoco")


def case(names: Iterable[str], aim: float | None, **size: int) -> Case:
    """Ours beside these peers, after all have agreed."""
    data = columns(**size)
    files = as_files(data)
    theirs = {name: peer(*TOOLS[name], *files) for name in names}
    ours = lambda: coco_evaluate_arrays(DetectionArrays(**data))  # noqa: E731
    numbers = list(ours().values())
    for name, call in theirs.items():
        if not np.allclose(call(), numbers, rtol=0, atol=1e-12):
            raise AssertionError(f"{name} gives other numbers")
    return Case(ours, theirs, aim)


def cases() -> dict[str, Case]:
    """Name: ours beside the peers. The slow ones have their own case, so that the others get many rounds."""
    small = {"images": 500, "truths": 3_600, "detections": 50_000, "classes": 80}
    large = {"images": 5_000, "truths": 36_000, "detections": 500_000, "classes": 80}
    crowded = {"images": 500, "truths": 5_000, "detections": 150_000, "classes": 1}
    return {
        "5k images, 500k detections": case(FAST, 3, **large),
        "5k images, 500k detections, a slow peer": case(["faster-coco-eval"], 41, **large),
        "500 images, 50k detections": case(FAST, 3, **small),
        "500 images, 50k detections, the original": case(["pycocotools"], 300, **small),
        "500 images, 150k detections, one class": case(FAST, 3, **crowded),
    }


if __name__ == "__main__":
    report("coco", cases())
