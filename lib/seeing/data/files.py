"""Reading a file so that every error names it, and going on past a bad record where that is wanted."""

from __future__ import annotations

import codecs
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
    """What a reader left out.

    Attributes:
        file: which one, with the place inside it.
        what: what is wrong there.
    """

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
        if not is_there(path):
            raise MissingFile(path, "there is no such file, and the data set lists it")


def is_there(path: Path) -> bool:
    """Whether a path is that of a file.

    Raises:
        BadFile: if that cannot be found out: its name is too long, or a folder may not be looked into.
    """
    try:
        return path.is_file()
    except OSError as error:
        raise BadFile(path, f"a file was expected; {error.strerror}") from error


def read_bytes(path: Path) -> bytes:
    """All bytes of a file.

    Raises:
        BadFile: if it is a folder, may not be read, or is empty.
        MissingFile: if there is no such file; it is a BadFile and a FileNotFoundError.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFile(path, "there is no such file") from error
    except OSError as error:
        raise BadFile(path, f"a file was expected; {error.strerror}") from error
    if not content or content.isspace():
        raise BadFile(path, "the file is empty")
    return content


def in_its_place(start: bytes) -> str:
    """What a file is instead, if it begins as what is often found in the place of another; else nothing.

    Args:
        start: its first bytes.

    Returns:
        A half sentence for an error, or "".
    """
    if not start:
        return "the file is empty"
    if start.startswith(b"version https://git-lfs"):
        return "the file is a pointer of Git LFS: fetch what it points to (git lfs pull)"
    if start.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
        return "the file is a web page: what was to be downloaded was not there, or needs a login"
    return ""


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark.

    Raises:
        BadFile: if the file is empty or not UTF-8.
        MissingFile: if there is no such file; it is a BadFile and a FileNotFoundError.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(path, f"UTF-8 text was expected; byte {error.start} is not") from error
    if not text.strip():
        raise BadFile(path, "the file is empty")
    # Lines end as in a file that is opened as text.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_json(path: Path, kind: type) -> Any:
    """What a JSON file holds.

    Args:
        path: the file.
        kind: `dict` or `list`: what it must hold.

    Raises:
        BadFile: if it is not JSON, or holds another kind of value.
        MissingFile: if there is no such file; it is a BadFile and a FileNotFoundError.
    """
    text = read_text(path)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise BadFile(path, f"JSON was expected; {in_its_place(text[:99].encode()) or where}") from error
    except ValueError as error:  # a number of more digits than Python turns into one
        raise BadFile(path, f"JSON was expected; {error}") from error
    except RecursionError as error:
        raise BadFile(path, "JSON was expected; it is nested too deeply to read") from error
    if not isinstance(value, kind):
        raise BadFile(path, f"a JSON {kind.__name__} was expected; got {type(value).__name__}")
    return value
