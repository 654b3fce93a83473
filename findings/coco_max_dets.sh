#!/usr/bin/env bash
# COCO's evaluation with the limits 1, 10 and 1000 detections an image, asked of four evaluators.
#
# Seen with pycocotools 2.0.11, faster-coco-eval 1.8.0, ultrafast-pycocotools 0.1.14 and hotcoco 1.3.0, on a file with
# two objects that are both found perfectly:
#
#     tool                         AP      AP50   largest limit's AR
#     pycocotools             -1.0000    1.0000               1.0000
#     faster-coco-eval         1.0000    1.0000               1.0000
#     ultrafast-pycocotools   -1.0000    1.0000               1.0000
#     hotcoco                  1.0000    1.0000               1.0000
#
# pycocotools sums up the first of its numbers, AP, for 100 detections, whatever `params.maxDets` holds, and the others
# for the last of the limits. Where 100 is not among the limits there is nothing to sum up: AP alone is -1, the value that
# also stands for "no object in the file". Neither of the two says so; hotcoco, whose AP is right, warns of other limits.
#
# Exits 0 while this is so, and 1 if any of these numbers changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packages="pycocotools==2.0.11 faster-coco-eval==1.8.0 ultrafast-pycocotools==0.1.14 hotcoco==1.3.0"
if command -v uv >/dev/null; then
  uv venv --quiet "$folder/venv" && uv pip install --quiet --python "$folder/venv/bin/python" $packages
else
  python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet --disable-pip-version-check $packages
fi

cat >"$folder/see.py" <<'PYTHON'
import contextlib
import io
import json
import sys

import faster_coco_eval
import hotcoco
import pycocotools.coco
import pycocotools.cocoeval
import ultrafast_pycocotools

TOOLS = {
    "pycocotools": (pycocotools.coco.COCO, pycocotools.cocoeval.COCOeval),
    "faster-coco-eval": (faster_coco_eval.COCO, faster_coco_eval.COCOeval_faster),
    "ultrafast-pycocotools": (ultrafast_pycocotools.COCO, ultrafast_pycocotools.COCOeval),
    "hotcoco": (hotcoco.COCO, hotcoco.COCOeval),
}
BOXES = [[10, 10, 50, 50], [200, 200, 50, 50]]
SEEN = {
    "pycocotools": ["-1.0000", "1.0000", "1.0000"],
    "faster-coco-eval": ["1.0000", "1.0000", "1.0000"],
    "ultrafast-pycocotools": ["-1.0000", "1.0000", "1.0000"],
    "hotcoco": ["1.0000", "1.0000", "1.0000"],
}
record = {"image_id": 1, "category_id": 1, "area": 2500, "iscrowd": 0}
files = {
    "annotations": {
        "images": [{"id": 1, "width": 640, "height": 480}],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": [{"id": i, "bbox": box, **record} for i, box in enumerate(BOXES, start=1)],
    },
    "results": [{"image_id": 1, "category_id": 1, "bbox": b, "score": s} for b, s in zip(BOXES, (0.9, 0.8))],
}
for name, content in files.items():
    with open(f"{sys.argv[1]}/{name}.json", "w") as file:
        json.dump(content, file)


def numbers(load, evaluate):
    with contextlib.redirect_stdout(io.StringIO()):
        truths = load(f"{sys.argv[1]}/annotations.json")
        run = evaluate(truths, truths.loadRes(f"{sys.argv[1]}/results.json"), "bbox")
        run.params.maxDets = [1, 10, 1000]
        run.evaluate()
        run.accumulate()
        run.summarize()
    return [f"{run.stats[i]:.4f}" for i in (0, 1, 8)]


print(f"{'tool':22}{'AP':>10}{'AP50':>10}{'AR1000':>10}")
now = {tool: numbers(*parts) for tool, parts in TOOLS.items()}
for tool, values in now.items():
    print(f"{tool:22}" + "".join(f"{value:>10}" for value in values))
if now != SEEN:
    sys.exit("This is no longer what was seen.")
PYTHON
PYTHONWARNINGS=ignore "$folder/venv/bin/python" "$folder/see.py" "$folder"
