"""The lines of a large text file, packed or not, each with its number, so that an error can name it."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from seeing.data.files import BadFile

GZIP = b"\x1f\x8b"
OTHERS = {
    codecs.BOM_UTF16_LE: "is text in UTF-16: write it as UTF-8",
    codecs.BOM_UTF16_BE: "is text in UTF-16: write it as UTF-8",
    b"PK\x03\x04": "is a zip archive: unpack it",
    b"BZh": "is packed by bzip2: unpack it",
    b"\xfd7zXZ": "is packed by xz: unpack it",
}
"""How files begin that are often given in the place of a text."""


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file in UTF-8, with or without a byte order mark, plain or packed by gzip.

    Lines end in a line feed alone: other characters at which Python would end one, such as U+0085, occur as words.
    Empty lines at the end are left out.

    Yields:
        The number of a line, from 1, and its bytes.

    Raises:
        BadFile: if a line is not UTF-8, holds a null byte, or is empty before one that is not; if the packed file is
            damaged or cut off.
        OSError: if the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(8)
    for magic, what in OTHERS.items():
        if start.startswith(magic):
            raise BadFile(path, f"text in UTF-8 was expected; the file {what}")
    empty = None
    try:
        with gzip.open(path) if start.startswith(GZIP) else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if not line.strip():
                    empty = empty or number
                    continue
                if empty:
                    raise BadFile(path, f"line {empty}: is empty, and line {number} is not")
                _check_text(path, number, line)
                yield number, line
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadFile(path, f"a whole file packed by gzip was expected; {error}") from error


def _check_text(path: Path, number: int, line: bytes) -> None:
    place = line.find(b"\0")
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        place = error.start if place < 0 else min(place, error.start)
    if place >= 0:
        raise BadFile(
            path,
            f"line {number}: text in UTF-8 was expected; byte {place + 1} of the line is 0x{line[place]:02x}: is it in "
            "another encoding, or in word2vec's binary form?",
        )
