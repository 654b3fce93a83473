#!/usr/bin/env bash
# Label Studio's COCO export of one region, drawn once as a rectangle and once as a polygon, on a picture that EXIF turns.
#
# Seen with label-studio-sdk 2.1.2 (its converter is what Label Studio's "Export" runs). The picture is stored 60 wide
# and 40 high with EXIF orientation 6, so the labelling page shows it 40 wide and 60 high; both regions go from 25% to 75%
# of the width and from 10% to 30% of the height that were shown:
#
#     EXIF           format   size of the picture   rectangle           polygon
#     upright        COCO     60 x 40               [15, 4, 30, 8]      [15, 4, 30, 8]
#     orientation 6  COCO     60 x 40               [10, 6, 20, 12]     [15, 4, 30, 8]
#     orientation 6  VOC      40 x 60               [10, 6, 20, 12]     (not written)
#
# Regions are kept as percentages of what was shown. For a rectangle the export multiplies them by the size that was
# shown, for a polygon by the size that the file is stored in, and it writes the stored size for the picture. So one COCO
# file holds two frames of coordinates: the rectangle fits the turned picture, the size fits the stored one, and the
# polygon, stretched, fits neither. No size in the file gives it away, and the VOC export of the same task has the other
# size. A reader can only compare sizes, and finds nothing wrong: turn pictures before they are labelled.
#
# Exits 0 while this is so, and 1 if any of these numbers changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packages="label-studio-sdk==2.1.2"
if command -v uv >/dev/null; then
  uv venv --quiet "$folder/venv" && uv pip install --quiet --python "$folder/venv/bin/python" $packages
else
  python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet --disable-pip-version-check $packages
fi

cat >"$folder/see.py" <<'PYTHON'
import json
import logging
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

from label_studio_sdk.converter import Converter
from PIL import Image

logging.disable(logging.CRITICAL)
CONFIG = """<View><Image name="image" value="$image"/>
<RectangleLabels name="box" toName="image"><Label value="cat"/></RectangleLabels>
<PolygonLabels name="outline" toName="image"><Label value="cat"/></PolygonLabels></View>"""
STORED = (60, 40)
LEFT, TOP, RIGHT, BOTTOM = 25, 10, 75, 30  # percent of what is shown
SEEN = {
    ("upright", "COCO"): [(60, 40), [15, 4, 30, 8], [15, 4, 30, 8]],
    ("upright", "VOC"): [(60, 40), [15, 4, 30, 8]],
    ("orientation 6", "COCO"): [(60, 40), [10, 6, 20, 12], [15, 4, 30, 8]],
    ("orientation 6", "VOC"): [(40, 60), [10, 6, 20, 12]],
}


def task(picture, shown):
    """What Label Studio keeps for a picture with a rectangle and a polygon around the same region."""
    common = {"to_name": "image", "original_width": shown[0], "original_height": shown[1], "image_rotation": 0}
    box = {"x": LEFT, "y": TOP, "width": RIGHT - LEFT, "height": BOTTOM - TOP, "rotation": 0}
    points = [[LEFT, TOP], [RIGHT, TOP], [RIGHT, BOTTOM], [LEFT, BOTTOM]]
    result = [
        {"id": "a", "from_name": "box", "type": "rectanglelabels", "value": {**box, "rectanglelabels": ["cat"]}, **common},
        {
            "id": "b",
            "from_name": "outline",
            "type": "polygonlabels",
            "value": {"points": points, "closed": True, "polygonlabels": ["cat"]},
            **common,
        },
    ]
    annotation = {"id": 1, "completed_by": 1, "result": result, "was_cancelled": False}
    return {"id": 1, "data": {"image": str(picture)}, "annotations": [annotation], "predictions": []}


def exported(folder, orientation):
    folder.mkdir()
    picture, tasks = folder / "a.jpg", folder / "tasks.json"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", STORED).save(picture, exif=exif)
    shown = STORED[::-1] if orientation > 4 else STORED
    tasks.write_text(json.dumps([task(picture, shown)]))
    converter = Converter(CONFIG, str(folder))
    converter.convert_to_coco(str(tasks), str(folder / "coco"), is_dir=False)
    converter.convert_to_voc(str(tasks), str(folder / "voc"), is_dir=False)
    content = json.loads((folder / "coco" / "result.json").read_text())
    coco = [(content["images"][0]["width"], content["images"][0]["height"])]
    coco += [[round(n) for n in annotation["bbox"]] for annotation in content["annotations"]]
    root = ElementTree.parse(next((folder / "voc").rglob("*.xml"))).getroot()
    number = lambda place: int(root.findtext(place))
    left, top, right, bottom = (number(f"object/bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax"))
    voc = [(number("size/width"), number("size/height")), [left, top, right - left, bottom - top]]
    return coco, voc


found = {}
for name, orientation in (("upright", 1), ("orientation 6", 6)):
    folder = pathlib.Path(sys.argv[1]) / str(orientation)
    found[name, "COCO"], found[name, "VOC"] = exported(folder, orientation)
for key, numbers in found.items():
    print(*key, *numbers, sep="   ")
sys.exit(found != SEEN)
PYTHON
"$folder/venv/bin/python" "$folder/see.py" "$folder"
