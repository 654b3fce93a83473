#!/usr/bin/env bash
# One grey TIFF with orientation 6, opened by its path and from the same bytes: two pictures.
#
# Seen with Pillow 13.0.0, which wrote the file. Pillow turns TIFF, and no other format, as its orientation says when it
# is loaded; so a stored picture of 2 rows and 3 columns should come out as 3 rows and 2 columns.
#
#     stored                [[0, 1, 2], [3, 4, 5]]
#     opened from bytes     [[3, 0], [4, 1], [5, 2]]      stored, turned by 90 degrees: right
#     opened by its path    [[4, 2, 0], [5, 3, 1]]        of the size that is stored, and with its pixels in disorder
#     by its path, LZW      [[3, 0], [4, 1], [5, 2]]      right
#
# By its path a file that is not compressed is mapped into memory, and its rows are taken to be as long as those of the
# turned picture. No error, no warning: orientations 5 to 8, modes L and P (a label map, say). Colours are not mapped.
# An image file object, `Image.open(open(path, "rb"))`, is read right.
#
# Exits 0 while this is so, and 1 if any of these numbers changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packages="pillow==13.0.0 numpy==2.4.6"
if command -v uv >/dev/null; then
  uv venv --quiet "$folder/venv" && uv pip install --quiet --python "$folder/venv/bin/python" $packages
else
  python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet --disable-pip-version-check $packages
fi

cat >"$folder/see.py" <<'PYTHON'
import io
import pathlib
import sys

import numpy as np
from PIL import ExifTags, Image

STORED = [[0, 1, 2], [3, 4, 5]]
TURNED = [[3, 0], [4, 1], [5, 2]]
DISORDER = [[4, 2, 0], [5, 3, 1]]
folder = pathlib.Path(sys.argv[1])
exif = Image.Exif()
exif[ExifTags.Base.Orientation] = 6
for name, options in [("plain.tif", {}), ("lzw.tif", {"compression": "tiff_lzw"})]:
    Image.fromarray(np.array(STORED, np.uint8)).save(folder / name, exif=exif, **options)

got = {
    "stored": STORED,
    "opened from bytes": np.array(Image.open(io.BytesIO((folder / "plain.tif").read_bytes()))).tolist(),
    "opened by its path": np.array(Image.open(folder / "plain.tif")).tolist(),
    "by its path, LZW": np.array(Image.open(folder / "lzw.tif")).tolist(),
}
for how, pixels in got.items():
    print(f"{how:20}  {pixels}")
assert list(got.values()) == [STORED, TURNED, DISORDER, TURNED]
PYTHON
"$folder/venv/bin/python" "$folder/see.py" "$folder"
