#!/usr/bin/env bash
# Four evaluators of COCO's format on one valid file: two objects, both found perfectly, the first with annotation id 0.
#
# Seen with pycocotools 2.0.11, faster-coco-eval 1.8.0, ultrafast-pycocotools 0.1.14 and hotcoco 1.3.0:
#
#     tool                    ids 1, 2   ids 0, 1   ids -1, 1
#     pycocotools               1.0000     0.2525      1.0000
#     faster-coco-eval          1.0000     0.2525      0.2525
#     ultrafast-pycocotools     1.0000     1.0000      1.0000
#     hotcoco                   1.0000     1.0000     refused
#
# pycocotools writes into its table of matches the id of the truth that a detection found, and 0 for "none": the truth
# with id 0 counts as missed, and the detection that found it as wrong; it says nothing. faster-coco-eval does the same
# and warns of the id 0. It also loses truths whose ids are under 0, and of those it does not warn. The format asks for
# an id and says nothing of where ids begin; tools that count from 0 write such files.
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
    "pycocotools": ["1.0000", "0.2525", "1.0000"],
    "faster-coco-eval": ["1.0000", "0.2525", "0.2525"],
    "ultrafast-pycocotools": ["1.0000", "1.0000", "1.0000"],
    "hotcoco": ["1.0000", "1.0000", "refused"],
}


def average_precision(tool, ids):
    record = {"image_id": 1, "category_id": 1, "area": 2500, "iscrowd": 0}
    data = {
        "images": [{"id": 1, "width": 640, "height": 480}],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": [{"id": i, "bbox": box, **record} for i, box in zip(ids, BOXES)],
    }
    found = [{"image_id": 1, "category_id": 1, "bbox": b, "score": s} for b, s in zip(BOXES, (0.9, 0.8))]
    for name, content in (("annotations", data), ("results", found)):
        with open(f"{sys.argv[1]}/{name}.json", "w") as file:
            json.dump(content, file)
    load, evaluate = TOOLS[tool]
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            truths = load(f"{sys.argv[1]}/annotations.json")
        except ValueError:
            return "refused"
        run = evaluate(truths, truths.loadRes(f"{sys.argv[1]}/results.json"), "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return f"{run.stats[0]:.4f}"


print(f"{'tool':22}{'ids 1, 2':>12}{'ids 0, 1':>12}{'ids -1, 1':>12}")
now = {tool: [average_precision(tool, ids) for ids in ((1, 2), (0, 1), (-1, 1))] for tool in TOOLS}
for tool, values in now.items():
    print(f"{tool:22}" + "".join(f"{value:>12}" for value in values))
if now != SEEN:
    sys.exit("This is no longer what was seen.")
PYTHON
PYTHONWARNINGS=ignore "$folder/venv/bin/python" "$folder/see.py" "$folder"
