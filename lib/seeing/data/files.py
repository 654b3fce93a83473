"""Reading a file so that every error names it, and going on past a bad record where that is wanted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

OnBad = Literal["raise", "skip"]


class BadFile(ValueError):
    """A file, or one record in it, is not what its format says."""

    def __init__(self, file: str | Path, what: str):
        super().__init__(f"{file}: {what}")
        self.file = str(file)
        self.what = what

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        # A data loader's worker sends its error to the parent process.
        return type(self), (self.file, self.what)


class MissingFile(BadFile, FileNotFoundError):
    """A file that a data set lists is not there."""

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


@dataclass(frozen=True)
class BadRecord:
    """What a reader left out."""

    file: str
    what: str


class Refusals:
    """Raises the first error about a file, or notes each and goes on."""

    def __init__(self, bad: OnBad):
        """Choose.

        Args:
            bad: "raise" or "skip".

        Raises:
            ValueError: if it is neither.
        """
        if bad not in ("raise", "skip"):
            raise ValueError(f'bad must be "raise" or "skip"; got {bad!r}')
        self.skip = bad == "skip"
        self.records: list[BadRecord] = []

    @contextmanager
    def guard(self) -> Iterator[None]:
        """What is done inside is given up at its first bad file or record."""
        try:
            yield
        except BadFile as error:
            if not self.skip:
                raise
            self.records.append(BadRecord(error.file, error.what))


def check_choice(value: str, name: str, choices: tuple[str, ...]) -> None:
    """Refuse an option that is not one of the choices.

    Raises:
        ValueError: if it is not.
    """
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}; got {value!r}")


def check_there(*paths: Path) -> None:
    """Refuse a list of files of which one is missing.

    Raises:
        MissingFile: if one is.
    """
    for path in paths:
        if not path.is_file():
            raise MissingFile(path, "there is no such file, and the data set lists it")


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark.

    Raises:
        BadFile: if the file is empty or not UTF-8.
        FileNotFoundError: if there is no such file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(path, f"UTF-8 text was expected; byte {error.start} is not") from error
    if not text.strip():
        raise BadFile(path, "the file is empty")
    return text


def read_json(path: Path, kind: type) -> Any:
    """What a JSON file holds.

    Args:
        path: the file.
        kind: `dict` or `list`: what it must hold.

    Raises:
        BadFile: if it is not JSON, or holds another kind of value.
        FileNotFoundError: if there is no such file.
    """
    try:
        value = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise BadFile(path, f"JSON was expected; line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise BadFile(path, "JSON was expected; it is nested too deeply to read") from error
    if not isinstance(value, kind):
        raise BadFile(path, f"a JSON {kind.__name__} was expected; got {type(value).__name__}")
    return value
