"""The objects of a picture in PASCAL VOC's XML form, which many tools write."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from seeing.data.files import BadFile, Refusals
from seeing.data.target import FRACTIONS, DetectionTarget, in_first_pixel
from seeing.data.whole_numbers import as_decimal, as_whole
from seeing.data.xml_text import read_xml

# Words that tools write instead of 0 and 1; one that leaves the question open says no, as a missing element does.
DIFFICULT = {
    **dict.fromkeys(("0", "false", "no", "", "unspecified"), False),
    **dict.fromkeys(("1", "true", "yes"), True),
}
LONGEST = 1e9  # pixels
CORNERS = ("xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True)
class VocObject:
    """One `object` element.

    Attributes:
        name: of its class.
        corners: xmin, ymin, xmax, ymax, as written.
        difficult: PASCAL VOC's mark for an object that its evaluation leaves out.
    """

    name: str
    corners: tuple[float, float, float, float]
    difficult: bool


@dataclass(frozen=True)
class VocAnnotation:
    """What one annotation file says.

    Attributes:
        objects: in the file's order.
        size: height and width of the picture; None where they are missing or 0, as some tools write what they do not
            know.
        filename: of the picture, as written; empty if it is missing.
    """

    objects: list[VocObject]
    size: tuple[int, int] | None
    filename: str


def read_voc_xml(path: Path, refusals: Refusals) -> VocAnnotation:
    """One annotation file, with its objects in their order.

    Args:
        path: the file, as `read_xml` reads it.
        refusals: what is to be done about a bad object.

    Returns:
        What it says; no objects if there is none.

    Raises:
        BadFile: if it is not XML, or not an `annotation`, or its size is no pair of whole numbers, or its corners are
            fractions of the picture's sides; or, unless bad ones are to be skipped, if an object has no name, lacks a
            corner, or has one that is no number under 1e9.
        MissingFile: if there is no such file; it is a BadFile and a FileNotFoundError.
    """
    root = read_xml(path)
    if root.tag != "annotation":
        raise BadFile(path, f"an <annotation> was expected; got <{root.tag}>")
    objects = []
    for number, element in enumerate(root.findall("object"), start=1):
        with refusals.guard():
            objects.append(_object(path, number, element))
    if in_first_pixel([thing.corners for thing in objects]):
        raise BadFile(path, f"corners in pixels were expected; {FRACTIONS}")
    return VocAnnotation(objects, _size(path, root), (root.findtext("filename") or "").strip())


def to_target(
    path: Path,
    objects: Sequence[VocObject],
    classes: Sequence[str],
    refusals: Refusals,
    *,
    inclusive: bool,
    image_id: int,
) -> DetectionTarget:
    """The common form of a picture's objects.

    Args:
        path: the annotation's file, for errors.
        objects: what it holds.
        classes: the name of each label; 0 is the background.
        refusals: what is to be done about a bad object.
        inclusive: True if the corners are the first and the last pixel, counted from 1, as PASCAL VOC has them: a box
            of one pixel has xmin = xmax, and all becomes half-open, from 0. False if they are the box's sides.
        image_id: the picture's number.

    Returns:
        Boxes, labels, area, iscrowd (all False) and difficult.

    Raises:
        BadFile: unless bad ones are to be skipped, if a class is unknown or a box has no area.
    """
    shift = 1 if inclusive else 0
    good, boxes = [], []
    for thing in objects:
        with refusals.guard():
            left, top, right, bottom = thing.corners
            box = (left - shift, top - shift, right, bottom)
            if thing.name not in classes[1:]:
                raise BadFile(path, f"one of {', '.join(classes[1:])} was expected; got {thing.name!r}")
            if box[2] <= box[0] or box[3] <= box[1]:
                swapped = ": are its corners swapped?" if right < left or bottom < top else ""
                raise BadFile(path, f"a box with an area was expected; {thing.name} has {_written(thing)}{swapped}")
            good.append(thing)
            boxes.append(box)
    tensor = torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)
    return {
        "boxes": tensor,
        "labels": torch.tensor([classes.index(thing.name, 1) for thing in good], dtype=torch.int64),
        "area": (tensor[:, 2:] - tensor[:, :2]).prod(1),
        "iscrowd": torch.zeros(len(good), dtype=torch.bool),
        "difficult": torch.tensor([thing.difficult for thing in good], dtype=torch.bool),
        "image_id": image_id,
    }


def _size(path: Path, root: ElementTree.Element) -> tuple[int, int] | None:
    sides = []
    for name in ("height", "width"):
        written = (root.findtext(f"size/{name}") or "0").strip()
        side = as_whole(as_decimal(written))
        if side is None or side < 0:
            raise BadFile(path, f"a whole number of pixels was expected as <{name}>; got {written!r}")
        sides.append(side)
    return (sides[0], sides[1]) if min(sides) else None


def _object(path: Path, number: int, element: ElementTree.Element) -> VocObject:
    name = (element.findtext("name") or "").strip()
    if not name:
        raise BadFile(path, f"object {number}: a <name> was expected; got none")
    if element.find("bndbox") is None:
        got = ", ".join(f"<{child.tag}>" for child in element)
        raise BadFile(path, f"object {number} ({name}): a box <bndbox> was expected; got {got}")
    corners = []
    for corner in CORNERS:
        value = element.findtext(f"bndbox/{corner}")
        corners.append(as_decimal(value or ""))
        if not abs(corners[-1]) < LONGEST:
            raise BadFile(path, f"object {number} ({name}): a number was expected as <{corner}>; got {value!r}")
    written = (element.findtext("difficult") or "").strip()
    difficult = DIFFICULT.get(written.lower())
    if difficult is None:
        raise BadFile(path, f"object {number} ({name}): 0 or 1 was expected as <difficult>; got {written!r}")
    left, top, right, bottom = corners
    return VocObject(name, (left, top, right, bottom), difficult)


def _written(thing: VocObject) -> str:
    return ", ".join(f"{corner} {value:g}" for corner, value in zip(CORNERS, thing.corners, strict=True))
