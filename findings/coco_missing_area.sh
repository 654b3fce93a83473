#!/usr/bin/env bash
# A COCO annotation without "area", asked of four evaluators: is an object of 50x50 pixels small or medium?
#
# Seen with pycocotools 2.0.11, faster-coco-eval 1.8.0, ultrafast-pycocotools 0.1.14 and hotcoco 1.3.0, on a file with
# two objects of 50x50 pixels (COCO's "medium" is from 32x32 to 96x96) that are both found perfectly:
#
#     tool                        AP small   AP medium
#     pycocotools             KeyError: 'area'
#     faster-coco-eval              1.0000     -1.0000
#     ultrafast-pycocotools        -1.0000      1.0000
#     hotcoco                      -1.0000      1.0000
#
# Two take the box's width times height instead. faster-coco-eval takes 0 without a word: every object is small, and its
# AP for medium and large ones says that there are none.
#
# Exits 0 while this is so, and 1 if any of this changes.
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
    "pycocotools": ["KeyError: 'area'"],
    "faster-coco-eval": ["1.0000", "-1.0000"],
    "ultrafast-pycocotools": ["-1.0000", "1.0000"],
    "hotcoco": ["-1.0000", "1.0000"],
}
record = {"image_id": 1, "category_id": 1, "iscrowd": 0}
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
        try:
            truths = load(f"{sys.argv[1]}/annotations.json")
            run = evaluate(truths, truths.loadRes(f"{sys.argv[1]}/results.json"), "bbox")
            run.evaluate()
            run.accumulate()
            run.summarize()
        except KeyError as error:
            return [f"KeyError: {error}"]
    return [f"{run.stats[i]:.4f}" for i in (3, 4)]


print(f"{'tool':22}{'AP small':>12}{'AP medium':>12}")
now = {tool: numbers(*parts) for tool, parts in TOOLS.items()}
for tool, values in now.items():
    print(f"{tool:22}" + "".join(f"{value:>12}" for value in values))
if now != SEEN:
    sys.exit("This is no longer what was seen.")
PYTHON
"$folder/venv/bin/python" "$folder/see.py" "$folder"
