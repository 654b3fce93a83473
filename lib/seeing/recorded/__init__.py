"""Numbers that the book shows where the data behind them is not at hand; each record names the command that made it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DIGITS = 7  # more differ from one machine to the next


def load(name: str) -> dict[str, Any]:
    """A record: numbers, words, and under "command" what made them.

    Args:
        name: such as "word_embeddings"; `names` lists all.

    Raises:
        ValueError: if there is none of this name.
    """
    if name not in names():
        raise ValueError(f"there is no record {name!r}; there are {', '.join(names())}")
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def names() -> list[str]:
    """The names of all records."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def write(name: str, record: dict[str, Any], folder: Path = FOLDER) -> None:
    """Write a record, its floats to seven digits; the file is replaced whole, so an interrupt leaves the old one.

    Args:
        name: of the record, and of its file.
        record: of dicts, lists, tuples, strings, ints, floats, bools and None; "command" says how it is made again.
        folder: where to write it.

    Raises:
        ValueError: if it does not say its command.
    """
    if not isinstance(record.get("command"), str):
        raise ValueError('a record needs a "command": the line that makes it again')
    unfinished = folder / f"{name}.part"
    unfinished.write_text(json.dumps(rounded(record), indent=1) + "\n", encoding="utf-8")
    unfinished.replace(folder / f"{name}.json")


def rounded(value: Any) -> Any:
    """`value` with seven digits of every float in it; tuples become lists, as JSON has them."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    return [rounded(entry) for entry in value] if isinstance(value, list | tuple) else value
