#!/usr/bin/env bash
# One box, written as PASCAL VOC's XML by two tools, and each file read by both: four boxes.
#
# Seen with supervision 0.31.2 and globox 2.9.0. The box covers x from 10 to 30 and y from 20 to 50: 20 by 30 pixels.
#
#     written by    <xmin> <ymin> <xmax> <ymax>   read by supervision   read by globox
#     supervision   11 21 30 50                   10 20 30 50           11 21 30 50: 19 by 29
#     globox        10 20 30 50                   9 19 30 50: 21 by 31  10 20 30 50
#
# supervision follows PASCAL VOC: pixels are counted from 1, and xmax is the last one. globox, like most labelling tools,
# writes the box's sides, counted from 0. Nothing in the file says which it is. Each tool reads its own files exactly, so a
# round trip finds nothing; between the two, the two sides at the left and the top move by a pixel and the other two stay,
# so that boxes change their size, and at each exchange there and back again. Of a box of 20 by 30 pixels, IoU .92.
#
# Exits 0 while this is so, and 1 if any of these numbers changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packages="supervision==0.31.2 globox==2.9.0"
if command -v uv >/dev/null; then
  uv venv --quiet "$folder/venv" && uv pip install --quiet --python "$folder/venv/bin/python" $packages
else
  python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet --disable-pip-version-check $packages
fi

cat >"$folder/see.py" <<'PYTHON'
import pathlib
import re
import sys

import globox
import numpy as np
import supervision
from PIL import Image

BOX = [10, 20, 30, 50]
SEEN = {
    "supervision": [[11, 21, 30, 50], [10, 20, 30, 50], [11, 21, 30, 50]],
    "globox": [[10, 20, 30, 50], [9, 19, 30, 50], [10, 20, 30, 50]],
}
folder = pathlib.Path(sys.argv[1])
pictures = folder / "pictures"
pictures.mkdir()
Image.new("RGB", (100, 80)).save(pictures / "a.jpg")


def by_supervision(target):
    boxes = supervision.Detections(xyxy=np.array([BOX], float), class_id=np.array([0]))
    dataset = supervision.DetectionDataset(["cat"], [str(pictures / "a.jpg")], {str(pictures / "a.jpg"): boxes})
    dataset.as_pascal_voc(annotations_directory_path=str(target))


def by_globox(target):
    box = globox.BoundingBox.create(label="cat", coords=BOX, box_format=globox.BoxFormat.LTRB)
    annotation = globox.Annotation("a.jpg", (100, 80), [box])
    globox.AnnotationSet([annotation]).save_pascal_voc(target)


def read_by_supervision(source):
    dataset = supervision.DetectionDataset.from_pascal_voc(str(pictures), str(source))
    (boxes,) = dataset.annotations.values()
    return [round(side) for side in boxes.xyxy[0].tolist()]


def read_by_globox(source):
    (annotation,) = globox.AnnotationSet.from_pascal_voc(source)
    return [round(side) for side in annotation.boxes[0].ltrb]


found = {}
for name, write in (("supervision", by_supervision), ("globox", by_globox)):
    target = folder / name
    target.mkdir()
    write(target)
    text = next(target.rglob("*.xml")).read_text()
    corners = [round(float(re.search(f"<{c}>(.*?)</{c}>", text)[1])) for c in ("xmin", "ymin", "xmax", "ymax")]
    found[name] = [corners, read_by_supervision(target), read_by_globox(target)]
    print(name, *found[name], sep="   ")
sys.exit(found != SEEN)
PYTHON
"$folder/venv/bin/python" "$folder/see.py" "$folder"
