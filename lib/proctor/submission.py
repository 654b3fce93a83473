"""Submissions as files: read anything a student can hand in, and say why where it is no notebook."""

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from proctor.beside import linked
from proctor.cells import KINDS, encodable, name_apart, new_cell

LARGEST = 200 << 20  # bytes
PICTURES = 20 << 20  # characters of pictures in text cells that are kept


class Unreadable(ValueError):
    """A file that is no notebook; the message is a clause that says why."""


def read_or_replace(path: Path) -> tuple[NotebookNode, str | None]:
    """Read a submission.

    Args:
        path: what was handed in; anything at all.

    Returns:
        The notebook and None; for what is no notebook, one with a sentence, and the reason.
    """
    try:
        return read_submission(read_file(path)), None
    except Unreadable as error:
        text = f"**This file could not be read as a notebook: {error}.** Please hand it in again."
        return notebook([new_cell("markdown", text)]), str(error)


def read_file(path: Path) -> str:
    """The text of a file.

    Raises:
        Unreadable: if it is a link, no ordinary file, too large, or not text.
    """
    if linked(path):
        raise Unreadable("a link to another file")
    if not path.is_file():
        raise Unreadable("cannot be opened (not a file)")
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"larger than {LARGEST >> 20} MB")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"cannot be opened ({error.strerror})") from None
    except UnicodeDecodeError:
        raise Unreadable("not text") from None


def read_submission(text: str) -> NotebookNode:
    """Read a notebook, mending what can be mended.

    Args:
        text: the content of the file.

    Returns:
        A valid notebook of format 4 without outputs: its cells keep type, text, attached pictures and their
        `nbgrader` metadata.

    Raises:
        Unreadable: if the text is not JSON or holds no cells.
    """
    try:
        content = json.loads(text)
    except RecursionError:
        raise Unreadable("JSON nested without end") from None
    except ValueError:
        raise Unreadable("not JSON") from None
    if isinstance(content, dict) and "cells" not in content and "worksheets" in content:
        content = upgraded(text)
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("JSON, but without cells")
    return notebook([mended_cell(cell) for cell in cells if isinstance(cell, dict)])


def notebook(cells: list[NotebookNode]) -> NotebookNode:
    """A notebook of some cells."""
    name_apart(cells)
    return NotebookNode(cells=cells, metadata=NotebookNode(), nbformat=4, nbformat_minor=5)


def upgraded(text: str) -> dict[str, Any]:
    """A notebook of a format before 4, as one of format 4."""
    try:
        return nbformat.reads(text, as_version=4)
    except Exception:
        # the converter trusts the structure of the file and fails with any kind of error where it differs
        raise Unreadable("a notebook of an old format that cannot be converted") from None


def mended_cell(cell: dict[str, Any]) -> NotebookNode:
    """A valid cell with what a student's cell says."""
    kind = cell.get("cell_type")
    fresh = new_cell(kind if kind in KINDS else "raw", encodable(joined(cell.get("source", ""))))
    metadata = cell.get("metadata")
    claimed = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = claimed.get("grade_id") if isinstance(claimed, dict) else None
    if isinstance(name, str):
        fresh.metadata["nbgrader"] = NotebookNode(grade_id=encodable(name))
    if kind == "markdown" and (pictures := attached(cell.get("attachments"))):
        fresh["attachments"] = pictures
    return fresh


def joined(source: Any) -> str:
    """A cell's text, which the format allows as lines too."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def attached(attachments: Any) -> dict[str, dict[str, str]]:
    """The pictures attached to a text cell, as far as they are valid and not too many."""
    found, left = {}, PICTURES
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        pictures = bundle.items() if isinstance(bundle, dict) else ()
        kept = {encodable(kind): joined(data) for kind, data in pictures if isinstance(data, str | list)}
        left -= sum(map(len, kept.values()))
        if kept and left > 0:
            found[encodable(name)] = {kind: encodable(data) for kind, data in kept.items()}
    return found
