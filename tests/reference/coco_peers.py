"""Small valid files on which the evaluators of COCO part, and what each says of them."""

import contextlib
import importlib
import io
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from seeing.metrics import coco_evaluate

PEERS = {  # their versions are those of requirements.txt
    "pycocotools": ("pycocotools.coco", "COCO", "pycocotools.cocoeval", "COCOeval"),
    "faster-coco-eval": ("faster_coco_eval", "COCO", "faster_coco_eval", "COCOeval_faster"),
    "ultrafast-pycocotools": ("ultrafast_pycocotools", "COCO", "ultrafast_pycocotools", "COCOeval"),
    "hotcoco": ("hotcoco", "COCO", "hotcoco", "COCOeval"),
}
NAMES = ("AP", "AP50", "AP75", "APs", "APm", "APl")
BOXES = [[10, 10, 50, 50], [200, 200, 50, 50]]


def two_found(ids: tuple = (1, 2), results: tuple = (), **changed: object) -> tuple[dict, list[dict]]:
    """Two truths of 50x50 pixels, medium in size, and a perfect detection of each; None leaves a field out."""
    record = {"image_id": 1, "category_id": 1, "area": 2500, "iscrowd": 0, **changed}
    record = {key: value for key, value in record.items() if value is not None}
    data = {
        "images": [{"id": 1, "height": 480, "width": 640}],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": [{"id": i, "bbox": box, **record} for i, box in zip(ids, BOXES, strict=True)],
    }
    found = [
        {"image_id": 1, "category_id": 1, "bbox": box, "score": score}
        for box, score in zip(BOXES, (0.9, 0.8), strict=True)
    ]
    return data, [*found, *results]


UNLISTED = {"image_id": 7, "category_id": 1, "bbox": BOXES[0], "score": 0.95}
# Name of the row on the page, less its marks: the files, and the limits if they are not COCO's.
CASES: dict[str, tuple[dict, list[dict], list[int] | None]] = {
    "an annotation id is 0": (*two_found((0, 1)), None),
    "an annotation id is -1": (*two_found((-1, 1)), None),
    "two annotations have one id": (*two_found((1, 1)), None),
    "maxDets is [1, 10, 1000]": (*two_found(), [1, 10, 1000]),
    "area is missing": (*two_found(area=None), None),
    'iscrowd is "0"': (*two_found(iscrowd="0"), None),
    "a result is of an unlisted image": (*two_found(results=(UNLISTED,)), None),
}


def ours(data: Path, results: Path, limits: list[int] | None) -> dict[str, float]:
    """What `coco_evaluate` says, as its caller sees it."""
    return dict(coco_evaluate(results, data, **({"max_detections": limits} if limits else {})))


def peer(name: str) -> Callable[[Path, Path, list[int] | None], dict[str, float]]:
    """The evaluation of a peer, used as its documentation does."""
    where, coco, place, evaluator = PEERS[name]
    load, evaluate = getattr(importlib.import_module(where), coco), getattr(importlib.import_module(place), evaluator)

    def call(data: Path, results: Path, limits: list[int] | None) -> dict[str, float]:
        truths = load(str(data))
        run = evaluate(truths, truths.loadRes(str(results)), "bbox")
        if limits:
            run.params.maxDets = limits
        run.evaluate()
        run.accumulate()
        run.summarize()
        return dict(zip(NAMES, map(float, run.stats), strict=False))

    return call


def answer(call: Callable[..., dict[str, float]], case: str, folder: Path) -> str:
    """The evaluator's word for a case, as the page prints it: AP, or "refused"; of a missing area, what size it took.

    Where it warns, by Python's warnings or by a line on the standard error, that is said.
    """
    data, results, limits = CASES[case]
    paths = folder / "annotations.json", folder / "results.json"
    for path, content in zip(paths, (data, results), strict=True):
        path.write_text(json.dumps(content))
    with warnings.catch_warnings(record=True) as caught, lines_on_stderr() as lines:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)  # of numpy's interface, whatever the file
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                got = call(*paths, limits)
        except Exception:  # each has its own way
            return "refused"
    sizes = {"small": got["APs"], "medium": got["APm"], "large": got["APl"]}
    if "area" in case:
        (word,) = (size for size, value in sizes.items() if value > 0.999)
    else:
        word = f"{got['AP']:.4f}".removesuffix(".0000").replace("0.", ".")
    return word + (", warns" if caught or lines else "")


@contextlib.contextmanager
def lines_on_stderr() -> Iterator[list[str]]:
    """What the process writes on its standard error, compiled code included; complete when the block is left."""
    lines: list[str] = []
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield lines
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            lines += file.read().splitlines()
