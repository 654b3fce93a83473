"""XML from anybody: in the encoding that it declares, and never one that defines entities."""

from __future__ import annotations

import codecs
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from seeing.data.files import BadFile, in_its_place, read_bytes

DECLARATION = re.compile(r"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16's, with which it begins
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    "<?".encode("utf-16-le"): "utf-16-le",  # without a mark: as it can only begin
    "<?".encode("utf-16-be"): "utf-16-be",
}
"""The encoding of a file by its first bytes."""
WIDE = re.compile(r"utf[-_]?(16|32)|ucs-?[24]|unicode$")
MOST_HEAD = 400  # bytes within which a declaration ends


def read_xml(path: Path) -> ElementTree.Element:
    """The root of an XML file.

    Args:
        path: the file, in UTF-8 or in the encoding that its first line declares, which may be any text encoding that
            Python knows. A byte order mark is left out, and says more than the first line does. A file that declares a
            document type is refused: it could define entities that unfold to gigabytes or name other files, and no
            annotation needs them.

    Raises:
        BadFile: if it is empty, is not in its encoding, or is not XML.
        MissingFile: if there is no such file; it is a BadFile and a FileNotFoundError.
    """
    content = read_bytes(path)
    text = _decoded(path, content)
    if "<!DOCTYPE" in text:
        raise BadFile(path, "an annotation without a document type was expected; it declares one")
    try:
        # A text is parsed as the text it is: what it says of its encoding does not count any more.
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadFile(path, f"XML was expected; {in_its_place(content[:MOST_HEAD]) or error}") from error


def _decoded(path: Path, content: bytes) -> str:
    try:
        encoding = _encoding(content)
    except ValueError as error:
        raise BadFile(path, f"XML was expected; {error}") from error
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-8" if encoding.startswith("utf-8") else encoding
        raise BadFile(path, f"{name} text was expected; byte {error.start} is not") from error
    except (LookupError, ValueError) as error:
        raise BadFile(path, f"it declares the encoding {encoding!r}, which cannot be read; {error}") from error


def _encoding(content: bytes) -> str:
    """What the byte order mark and the declaration say; UTF-8 where they say nothing."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return encoding
    declared = DECLARATION.match(content[:MOST_HEAD].decode("latin-1"))
    encoding = declared[1].strip().lower() if declared else "utf-8"
    # What can be read as ASCII is in no encoding of two or four bytes a character: some tools only say so.
    if WIDE.match(encoding):
        raise ValueError(f"it declares the encoding {encoding!r} and is not in it: write the one that it is in")
    return encoding
