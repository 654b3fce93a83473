"""What a JSON file in COCO's form says: checked record by record, in the notations that common tools write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from seeing.data.coco_masks import MOST_PIXELS
from seeing.data.crowd import is_crowd
from seeing.data.files import BadFile, Refusals, read_json
from seeing.data.target import FRACTIONS, in_first_pixel
from seeing.data.whole_numbers import as_whole

LONGEST = 1e9  # pixels; refuses NaN and infinity too
MISSING = object()
ELSEWHERE = re.compile(r"[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]*://|.*\0", re.DOTALL)
"""A name on a drive of Windows, an address, or one that no file can have."""


class CocoPicture(NamedTuple):
    """One record of "images".

    Attributes:
        id: as in the file.
        names: where its file may be below the folder of pictures, the likelier first.
        size: height and width; None where they are missing, null or 0.
    """

    id: int
    names: tuple[PurePosixPath, ...]
    size: tuple[int, int] | None


class CocoObject(NamedTuple):
    """One record of "annotations".

    Attributes:
        where: how an error calls it.
        image_id: of its picture.
        category_id: of its class.
        box: x, y, width, height in pixels.
        area: as written; that of the box where it is missing or null.
        crowd: whether it is a region of many objects; see `seeing.data.crowd`.
        segmentation: None where masks are not wanted.
    """

    where: str
    image_id: int
    category_id: int
    box: tuple[float, float, float, float]
    area: float
    crowd: bool
    segmentation: list | dict | None


@dataclass
class CocoRecords:
    """The file.

    Attributes:
        categories: the name of each class, by id.
        pictures: by id, in the file's order.
        objects: of these pictures.
    """

    categories: dict[int, str]
    pictures: dict[int, CocoPicture]
    objects: list[CocoObject]


def read_coco(file: Path, masks: bool, refusals: Refusals) -> CocoRecords:
    """Read a file.

    Args:
        file: JSON in COCO's form.
        masks: whether segmentations are wanted, and so the sizes of pictures are needed.
        refusals: what is to be done about bad records; a bad category is always an error.

    Raises:
        BadFile: naming the record and the field.
    """
    content = read_json(file, dict)
    lists = {name: _list(file, content, name) for name in ("images", "annotations", "categories")}
    categories = _categories(file, lists["categories"])
    pictures = _pictures(file, lists["images"], masks, refusals)
    listed = {as_whole(entry.get("id")) for entry in lists["images"] if isinstance(entry, Mapping)}
    objects = []
    ids: set[int] = set()
    for number, entry in enumerate(lists["annotations"]):
        with refusals.guard():
            thing = _object(file, f"annotation {number}", entry, categories, masks)
            _check_new(file, f"annotation {number}", entry, ids)
            if thing.image_id in pictures:
                objects.append(thing)
            elif thing.image_id not in listed:
                raise BadFile(file, f"annotation {number}: there is no image {thing.image_id!r}")
    boxes = (thing.box for thing in objects)
    if in_first_pixel((x, y, x + width, y + height) for x, y, width, height in boxes):
        raise BadFile(file, f"boxes in pixels were expected; {FRACTIONS}")
    return CocoRecords(categories, pictures, objects)


def _list(file: Path, content: dict, name: str) -> list:
    if not isinstance(content.get(name), list):
        raise BadFile(file, f'"{name}" must be a list; got {type(content.get(name)).__name__}')
    return content[name]


def _get(entry: Any, name: str) -> Any:
    return entry.get(name, MISSING) if isinstance(entry, Mapping) else MISSING


def _wrong(file: Path, where: str, name: str, wanted: str, value: Any) -> BadFile:
    return BadFile(file, f'{where}: "{name}" must be {wanted}; got {"nothing" if value is MISSING else repr(value)}')


def _field(file: Path, where: str, entry: Any, name: str, kind: type | tuple[type, ...]) -> Any:
    """A field of the kind asked for; true and false are no numbers here."""
    value = _get(entry, name)
    if value is MISSING or isinstance(value, bool) or not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        raise _wrong(file, where, name, " or ".join(k.__name__ for k in kinds), value)
    return value


def _whole(file: Path, where: str, entry: Any, name: str) -> int:
    value = _get(entry, name)
    number = None if value is MISSING else as_whole(value)
    if number is None:
        raise _wrong(file, where, name, "int", value)
    return number


def _check_new(file: Path, where: str, entry: Mapping, ids: set[int]) -> None:
    """Refuse an annotation whose id is no whole number or has been seen; one without an id is nobody's rival."""
    if entry.get("id") is None:
        return
    key = _whole(file, where, entry, "id")
    if key in ids:
        raise BadFile(file, f"{where}: the id {key} is taken")
    ids.add(key)


def _categories(file: Path, entries: list) -> dict[int, str]:
    names = {}
    for number, entry in enumerate(entries):
        key = _whole(file, f"category {number}", entry, "id")
        if key in names:
            raise BadFile(file, f"category {number}: the id {key} is taken")
        names[key] = _field(file, f"category {number}", entry, "name", str)
    return names


def _pictures(file: Path, entries: list, masks: bool, refusals: Refusals) -> dict[int, CocoPicture]:
    pictures: dict[int, CocoPicture] = {}
    shared = {}
    for number, entry in enumerate(entries):
        with refusals.guard():
            where = f"image {number}"
            key = _whole(file, where, entry, "id")
            picture = CocoPicture(key, _names(file, where, entry), _size(file, where, entry, masks))
            if key in pictures:
                shared[key] = pictures[key].names[0]
                raise BadFile(file, f"{where}: the id {key} is taken")
            pictures[key] = picture
    for key, name in shared.items():
        with refusals.guard():
            del pictures[key]
            raise BadFile(file, f"image {name}: its id {key} is another's too: whose are its annotations?")
    return pictures


def _names(file: Path, where: str, entry: Mapping) -> tuple[PurePosixPath, ...]:
    """From `file_name`; in LVIS, which has none, from `coco_url`: with the split's folder, and without."""
    if entry.get("file_name") is None and isinstance(entry.get("coco_url"), str):
        try:
            path = urlsplit(entry["coco_url"]).path
        except ValueError as error:
            raise _wrong(file, where, "coco_url", f"an address ({error})", entry["coco_url"]) from error
        name = _below(file, where, unquote(path).lstrip("/"))
        return name, PurePosixPath(name.name)
    return (_below(file, where, _field(file, where, entry, "file_name", str)),)


def _below(file: Path, where: str, written: str) -> PurePosixPath:
    """A path below the folder of pictures; tools on Windows write it with backslashes."""
    name = PurePosixPath(written.replace("\\", "/"))
    if not name.name or name.is_absolute() or ".." in name.parts or ELSEWHERE.match(written):
        raise BadFile(file, f"{where}: a name below the folder of pictures was expected; got {written!r}")
    return name


def _size(file: Path, where: str, entry: Mapping, needed: bool) -> tuple[int, int] | None:
    """Height and width, where both are given."""
    sides = []
    for name in ("height", "width"):
        unknown = not needed and entry.get(name) is None
        sides.append(0 if unknown else _whole(file, where, entry, name))
    size = (sides[0], sides[1])
    if min(size) < 0 or (needed and not min(size)) or size[0] * size[1] > MOST_PIXELS:
        raise BadFile(file, f"{where}: a size of 1 to {MOST_PIXELS} pixels was expected; got {size}")
    return size if min(size) else None


def _object(file: Path, where: str, entry: Any, categories: Mapping[int, str], masks: bool) -> CocoObject:
    image_id = _whole(file, where, entry, "image_id")
    category_id = _whole(file, where, entry, "category_id")
    if category_id not in categories:
        raise BadFile(file, f"{where}: there is no category {category_id}")
    box = _field(file, where, entry, "bbox", list)
    if len(box) != 4 or not all(_is_length(n) for n in box) or min(box[2:]) < 0:
        raise BadFile(file, f"{where}: a box x, y, width, height, finite and not negative, was expected; got {box}")
    area = box[2] * box[3] if entry.get("area") is None else _field(file, where, entry, "area", (int, float))
    if not (_is_length(area) and area >= 0) and entry.get("area") is not None:
        raise BadFile(file, f"{where}: an area of at least 0 was expected; got {area}")
    try:
        crowd = is_crowd(entry)
    except ValueError as error:
        raise BadFile(file, f"{where}: {error}") from None
    segmentation = _field(file, where, entry, "segmentation", (list, dict)) if masks else None
    name = f"annotation {entry.get('id')} of image {image_id}"
    return CocoObject(name, image_id, category_id, tuple(box), area, crowd, segmentation)


def _is_length(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LONGEST
