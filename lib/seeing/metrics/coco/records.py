"""JSON lists of records, read column by column, with errors that name the file and the record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import Any

import numpy as np

from seeing.data.crowd import is_crowd
from seeing.data.whole_numbers import as_whole
from seeing.metrics.detection_arrays import LARGEST

Record = Mapping[str, Any]
IDS = ("id", "image_id", "category_id")
REAL = (int, float, np.integer, np.floating)


def load(source: str | PathLike | object, name: str, kind: type | tuple[type, ...]) -> tuple[str, Any]:
    """What a JSON file holds, or what is loaded already, and how to call it in an error.

    Args:
        source: a path, or the loaded list or dictionary.
        name: how to call it if it is no file.
        kind: Mapping or Sequence, what should be in there; or both.

    Raises:
        ValueError: if the file is no JSON, or holds something else.
        FileNotFoundError: if there is no such file.
    """
    data: Any = source
    if isinstance(source, str | PathLike):
        name = fspath(source)
        try:
            with open(source, encoding="utf-8-sig") as file:  # some tools on Windows begin with a byte order mark
                data = json.load(file)
        except ValueError as error:  # broken JSON, or bytes that are no text
            raise ValueError(f"{name}: expected JSON; {error}") from error
    if not isinstance(data, kind) or isinstance(data, str):
        lists = kind is Sequence or isinstance(kind, tuple)
        expected = "a list of records" if lists else "a dictionary with images, categories and annotations"
        raise ValueError(f"{name}: expected {expected}; got {type(data).__name__}")
    if isinstance(data, Sequence):
        _check_records(data, name)
        return name, _with_whole_ids(data)
    return name, data


def record_list(data: Record, key: str, name: str) -> Sequence[Record]:
    """The list of records under this key."""
    records = data.get(key)
    if not isinstance(records, Sequence) or isinstance(records, str):
        got = f"got {type(records).__name__}" if key in data else f"it has {sorted(data)}"
        raise ValueError(f"{name}: expected '{key}' to be a list of records; {got}")
    _check_records(records, f"{name}: {key}")
    return _with_whole_ids(records)


def by_id(records: Sequence[Record], name: str) -> dict[Any, Record]:
    """The records by their ids, which are whole numbers and differ."""
    by_id: dict[Any, Record] = {}
    for i, (record, number) in enumerate(zip(records, numbers(records, "id", name), strict=True)):
        if number in by_id:
            raise ValueError(f"{name}: the id {number} stands there twice, last in record {i}")
        by_id[number] = record
    return by_id


def numbers(records: Sequence[Record], key: str, name: str) -> list[int]:
    """The whole number that each record has under this key."""
    column = _values(records, key, name)
    if not all(map(_is_whole, column)):
        i = next(i for i, value in enumerate(column) if not _is_whole(value))
        raise ValueError(f"{name}: '{key}' of {_naming(records, i)} must be a whole number; got {column[i]!r}")
    return column


def crowds(records: Sequence[Record], name: str) -> np.ndarray:
    """(N,) bool: which annotations are of a crowd."""
    crowd = np.zeros(len(records), bool)
    for i, record in enumerate(records):
        try:
            crowd[i] = is_crowd(record)
        except ValueError as error:
            raise ValueError(f"{name}: {_naming(records, i)}: {error}") from None
    return crowd


def floats(records: Sequence[Record], key: str, name: str, width: int | None = None) -> np.ndarray:
    """(N,), or (N, width), float64: the numbers under this key."""
    shape = (len(records),) if width is None else (len(records), width)
    rows = []
    for i, value in enumerate(_values(records, key, name)):
        row = value.tolist() if hasattr(value, "tolist") else value  # arrays may stand in lists that were never a file
        row = [row] if width is None else row
        if not (isinstance(row, Sequence) and len(row) == (width or 1) and all(map(_is_finite, row))):
            expected = ("a finite number" if width is None else f"{width} finite numbers") + f", at most {LARGEST:g}"
            raise ValueError(f"{name}: '{key}' of {_naming(records, i)} must be {expected}; got {value!r}")
        rows.append(row)
    return np.array(rows, np.float64).reshape(shape)


def _with_whole_ids(records: Sequence[Record]) -> Sequence[Record]:
    """The records, with ids that are quoted, such as "7", as numbers."""
    if not any(isinstance(record.get(key), str) for record in records for key in IDS):
        return records
    return [{**record, **{key: _unquoted(record[key]) for key in IDS if key in record}} for record in records]


def _unquoted(value: Any) -> Any:
    number = as_whole(value) if isinstance(value, str) else None
    return value if number is None else number


def _values(records: Sequence[Record], key: str, name: str) -> list[Any]:
    try:
        return [record[key] for record in records]
    except KeyError:
        i = next(i for i, record in enumerate(records) if key not in record)
        raise ValueError(f"{name}: {_naming(records, i)} must have '{key}'; it has {sorted(records[i])}") from None


def _is_finite(value: Any) -> bool:
    return isinstance(value, REAL) and not isinstance(value, bool) and bool(-LARGEST <= value <= LARGEST)


def _is_whole(value: Any) -> bool:
    # A tool that keeps its table in floating point writes 1.0.
    if isinstance(value, float | np.floating):
        return value.is_integer()
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _check_records(records: Sequence[Any], name: str) -> None:
    for i, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise ValueError(f"{name}: record {i} must be a dictionary; got {type(record).__name__}")


def _naming(records: Sequence[Record], i: int) -> str:
    return f"record {i}" + (f" (id {records[i]['id']})" if "id" in records[i] else "")
