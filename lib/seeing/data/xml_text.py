"""XML from anybody: in the encoding that it declares, and never one that defines entities."""

from __future__ import annotations

import codecs
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from seeing.data.files import BadFile

DECLARATION = re.compile(r"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
MOST_HEAD = 400  # bytes within which a declaration ends


def read_xml(path: Path) -> ElementTree.Element:
    """The root of an XML file.

    Args:
        path: the file, in UTF-8 or in the encoding that its first line declares, which may be any text encoding that
            Python knows; a byte order mark is left out. A file that declares a document type is refused: it could
            define entities that unfold to gigabytes or name other files, and no annotation needs them.

    Raises:
        BadFile: if it is empty, is not in its encoding, or is not XML.
        FileNotFoundError: if there is no such file.
    """
    content = path.read_bytes()
    if not content.strip():
        raise BadFile(path, "the file is empty")
    text = _decoded(path, content)
    if "<!DOCTYPE" in text:
        raise BadFile(path, "an annotation without a document type was expected; it declares one")
    try:
        # A text is parsed as the text it is: what it says of its encoding does not count any more.
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadFile(path, f"XML was expected; {error}") from error


def _decoded(path: Path, content: bytes) -> str:
    encoding = _encoding(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-8" if encoding.startswith("utf-8") else encoding
        raise BadFile(path, f"{name} text was expected; byte {error.start} is not") from error
    except (LookupError, ValueError) as error:
        raise BadFile(path, f"it declares the encoding {encoding!r}, which cannot be read; {error}") from error


def _encoding(content: bytes) -> str:
    """What the byte order mark and the declaration say; UTF-8 where they say nothing."""
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    head = content[:MOST_HEAD].decode("utf-16" if MARKS.get(mark) == "utf-16" else "latin-1", errors="replace")
    declared = DECLARATION.match(head.removeprefix(mark.decode("latin-1")))
    if mark == codecs.BOM_UTF8:
        return "utf-8-sig"
    return declared[1].strip().lower() if declared else "utf-8"
