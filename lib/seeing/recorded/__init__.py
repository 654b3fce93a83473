"""Numbers that the book shows where what made them is not at hand; each record names the command that made it.

A record is a file in the folder of its part of the book: `fairness/compas.json` is the record "compas".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from seeing.whole_file import whole_file

FOLDER = Path(__file__).parent
DIGITS = 7  # more differ from one machine to the next


def load(name: str) -> dict[str, Any]:
    """A record: numbers, words, and under "command" what made them.

    Args:
        name: such as "word_embeddings"; `names` lists all.

    Raises:
        ValueError: if there is none of this name.

    Example:
        >>> load("individual")["command"]
        'python book/_experiments/fairness_individual.py'
    """
    paths = _paths()
    if name not in paths:
        raise ValueError(f"there is no record {name!r}; there are {', '.join(names())}")
    return json.loads(paths[name].read_text(encoding="utf-8"))


def names() -> list[str]:
    """The names of all records."""
    return sorted(_paths())


def write(name: str, record: dict[str, Any], part: str, folder: Path = FOLDER) -> None:
    """Write a record, its floats to seven digits; the file is replaced whole, so an interrupt leaves the old one.

    Args:
        name: of the record, and of its file.
        record: of dicts, lists, tuples, strings, ints, floats, bools and None; "command" says how it is made again.
        part: of the book that shows it: the folder.
        folder: where the parts are.

    Raises:
        ValueError: if it does not say its command.
    """
    if not isinstance(record.get("command"), str):
        raise ValueError('a record needs a "command": the line that makes it again')
    text = _lines(rounded(record))
    with whole_file(folder / part / f"{name}.json") as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def rounded(value: Any) -> Any:
    """`value` with seven digits of every float in it; tuples become lists, as JSON has them.

    Example:
        >>> rounded({"rate": 1 / 3})
        {'rate': 0.3333333}
    """
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    return [rounded(entry) for entry in value] if isinstance(value, list | tuple) else value


def _paths() -> dict[str, Path]:
    """Every record's file by its name."""
    return {path.stem: path for path in FOLDER.glob("*/*.json")}


def _lines(record: dict[str, Any]) -> str:
    """The record as JSON, a line for each entry, and for each entry of what it holds: changes are seen in a diff."""
    entries = []
    for key, value in record.items():
        if isinstance(value, dict) and value:
            inside = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in value.items())
            text = f"{{\n{inside}\n }}"
        elif isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value):
            text = "[\n" + ",\n".join(f"  {json.dumps(entry)}" for entry in value) + "\n ]"
        else:
            text = json.dumps(value)
        entries.append(f" {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(entries) + "\n}\n"
