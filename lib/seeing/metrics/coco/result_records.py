"""Results as COCO has them, a list of records; or as annotation tools export a model's: a whole file with scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import PureWindowsPath
from typing import Any

from seeing.metrics.coco.records import by_id, load, record_list

Record = Mapping[str, Any]
NAMES = {"categories": ("name", str.strip), "images": ("file_name", lambda name: PureWindowsPath(name).name)}
"""What should not differ under one id, and how it is compared: folders may."""


def load_results(
    source: str | PathLike | Sequence[Record] | Record, truth: Mapping[str, Mapping[int, Record]], truth_name: str
) -> tuple[str, Sequence[Record]]:
    """The records of a list, or the "annotations" of a whole file in COCO's form, and how to call them in an error.

    A whole file brings its own images and categories. Their ids must mean what they mean in the truth's file: tools
    number both anew in each export, and then every number would be wrong without a word.

    Args:
        source: a path, or what is loaded.
        truth: the truth's "categories" and "images" by id.
        truth_name: how to call the truth's file.

    Raises:
        ValueError: if it is neither; if an id has another category's name or another file's name in the truth's file.
    """
    name, data = load(source, "results", (Sequence, Mapping))
    if not isinstance(data, Mapping):
        return name, data
    for key, (field, same) in NAMES.items():
        if key not in data:
            continue
        for number, record in by_id(record_list(data, key, name), f"{name}: {key}").items():
            here, there = record.get(field), truth[key].get(number, {}).get(field)
            if isinstance(here, str) and isinstance(there, str) and same(here) != same(there):
                raise ValueError(
                    f"{name}: the id {number} in '{key}' is {here!r}, and {there!r} in {truth_name}: results are "
                    "matched by their ids, so number both files alike"
                )
    return f"{name}: annotations", record_list(data, "annotations", name)
