"""The pictures among a cell's outputs, wherever they are: an output of their own, or inside HTML and Markdown.

nbval compares text by equality, which random names in HTML break, and skips `image/png` and `image/jpeg`. Here each
picture is taken out of its output and replaced by the words "a picture", so that nbval compares the rest, and the
pictures are compared by what they show.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from tests.notebooks import drawings, rasters

SVG = "image/svg+xml"
TEXTS = ("text/html", "text/markdown", "text/latex", SVG)
# matplotlib's animations break the digits inside a JavaScript string: backslash, new line.
DATA_URI = re.compile(r"data:(image/[\w.+-]+);base64,([A-Za-z0-9+/=\s\\]+)")
INLINE_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
# 10 digits or more, as in the names that matplotlib and UUIDs give.
RANDOM_NAME = re.compile(r"\bid\s*=\s*[\"']?[\w-]*?([0-9a-f]{10,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
IN_ITS_PLACE = "a picture"


@dataclass(frozen=True)
class Picture:
    """One picture: its media type, and its bytes."""

    kind: str
    data: bytes


@dataclass
class Outputs:
    """A cell's outputs without their pictures, and the pictures in their order."""

    outputs: list[NotebookNode] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


def decoded(digits: str) -> bytes:
    """The bytes of base64 digits; as they stand where they are none, so that they are compared at least."""
    try:
        return base64.b64decode(re.sub(r"[\s\\]", "", digits), validate=True)
    except binascii.Error:
        return digits.encode()


def without_random_names(html: str) -> str:
    """`html` with the random part of its names, wherever they are used, replaced by its place in the order."""
    for number, name in enumerate(dict.fromkeys(RANDOM_NAME.findall(html))):
        html = html.replace(name, f"name-{number}")
    return html


def taken_out(outputs: list[NotebookNode]) -> Outputs:
    """The outputs as nbval can compare them, and their pictures. What is given stays as it is."""
    found = Outputs()

    def keep(kind: str, data: bytes) -> str:
        found.pictures.append(Picture(kind, data))
        return IN_ITS_PLACE

    def plain(kind: str, value):
        if kind.startswith("image/") and kind != SVG:
            return keep(kind, decoded(value))
        if kind in TEXTS:
            value = DATA_URI.sub(lambda match: keep(match[1], decoded(match[2])), value)
            if kind == SVG:
                return keep(SVG, value.encode())
            return without_random_names(INLINE_SVG.sub(lambda match: keep(SVG, match[0].encode()), value))
        return value if isinstance(value, str) else json.dumps(value, sort_keys=True, indent=1)

    for output in outputs:
        if "data" not in output:
            found.outputs.append(output)
            continue
        copy = NotebookNode({key: value for key, value in output.items() if key != "metadata"})
        copy["data"] = NotebookNode({kind: plain(kind, value) for kind, value in output["data"].items()})
        copy["data"]["shown with"] = json.dumps(output.get("metadata", {}), sort_keys=True)  # a width, a background
        found.outputs.append(copy)
    return found


def complaint(expected: Picture, got: Picture, file: Path) -> str | None:
    """What sets two pictures apart, in words, with the name of the file in which both are drawn; None where alike.

    Args:
        expected: the page's.
        got: this run's.
        file: where to draw them, without its suffix; its folder is made.
    """
    if expected == got:
        return None
    if expected.kind != got.kind:
        return f"it is {got.kind}, the page's is {expected.kind}"
    try:
        if expected.kind == SVG:
            words = drawings.difference(expected.data.decode(), got.data.decode())
            sheet = drawings.beside(expected.data.decode(), got.data.decode()) if words else ""
        else:
            found = rasters.difference(expected.data, got.data)
            words, sheet = (found.words, found.drawing) if found else (None, None)
    except ValueError as error:
        return str(error)
    if words is None:
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    if expected.kind == SVG:
        file = file.with_name(file.name + ".svg")
        file.write_text(sheet, encoding="utf-8")
    else:
        file = file.with_name(file.name + ".png")
        sheet.save(file)
    return f"{words}. Both are in {file}"
