"""Files that are no notebook, or no file: the student is told, and the batch goes on."""

import os
import socket
from pathlib import Path

import nbformat

from tests.grading.hostile.case import EITHER, NOTHING, Case, Site, answering
from tests.grading.hostile.honest import BYSTANDER


def raw(name: str, content: str | bytes, points=NOTHING, **words) -> Case:
    """A file with this content."""
    return Case(name, lambda paper, site: content, points, **words)


def rewritten(name: str, change, points=None, **words) -> Case:
    """The right answers, written in a way of their own: `change` gets the notebook."""
    return Case(name, lambda paper, site: change(paper.answered(site)), points or {}, **words)


def placed(name: str, files, points=NOTHING, **words) -> Case:
    """Something that `files` makes where the notebook should be."""
    return Case(name, lambda paper, site: None, points, files=files, **words)


def version3(notebook) -> str:
    """The format of ten years ago."""
    return nbformat.writes(nbformat.convert(notebook, 3), version=3)


def windows(notebook) -> bytes:
    """What an old editor makes of it: a mark at the start, its own line ends."""
    return b"\xef\xbb\xbf" + nbformat.writes(notebook).replace("\n", "\r\n").encode()


def windows_lines(notebook) -> str:
    """Line ends of an old editor inside the cells."""
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    return nbformat.writes(notebook)


def windows_letters(notebook) -> bytes:
    """Letters in an old encoding."""
    notebook.cells[0].source = "Schöne Grüße"
    return nbformat.writes(notebook).encode("cp1252", "replace")


def folder_for_notebook(folder: Path, site: Site) -> None:
    """A folder named like the notebook, which it holds."""
    (folder / "ps1.ipynb").mkdir()
    (folder / "ps1.ipynb" / "ps1.ipynb").write_text("{}")


def neighbour(folder: Path, site: Site) -> None:
    """A link to another student's notebook."""
    (folder / "ps1.ipynb").symlink_to(f"../../{BYSTANDER}/ps1/ps1.ipynb")


def neighbours_folder(folder: Path, site: Site) -> None:
    """A link to another student's whole folder."""
    folder.rmdir()
    folder.symlink_to(f"../{BYSTANDER}/ps1")


def solution(folder: Path, site: Site) -> None:
    """A link to the right answers, hidden tests included."""
    (folder / "ps1.ipynb").symlink_to(site.course / "_build" / "source" / "ps1" / "ps1.ipynb")


def endless(folder: Path, site: Site) -> None:
    """A link to a file without end."""
    (folder / "ps1.ipynb").symlink_to("/dev/zero")


def dangling(folder: Path, site: Site) -> None:
    """A link to nothing."""
    (folder / "ps1.ipynb").symlink_to("nowhere.ipynb")


def pipe(folder: Path, site: Site) -> None:
    """A pipe in place of the notebook: whoever opens it waits for ever."""
    os.mkfifo(folder / "ps1.ipynb")


def specials(folder: Path, site: Site) -> None:
    """Beside the notebook: a pipe, a socket, links to nowhere, a name that is not UTF-8."""
    os.mkfifo(folder / "pipe")
    here = os.open(folder, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listener:
        # a path of /proc is short enough for a socket's address, whatever the folder is called
        listener.bind(f"/proc/self/fd/{here}/socket")
    os.close(here)
    (folder / "nowhere").symlink_to("no/such/file")
    (folder / "everything").symlink_to("/")
    (folder / "zero").symlink_to("/dev/zero")
    with open(bytes(folder) + b"/\xff\xfe.txt", "wb"):
        pass


CASES = [
    raw("empty file", b""),
    raw("zeros", b"\x00" * 4096),
    raw("a program", b"\x7fELF" + bytes(range(256)) * 99),
    raw("a list", "[1, 2]"),
    raw("cells of no kind", '{"cells": [null, 7, [], {}, {"cell_type": 7}], "nbformat": 4, "nbformat_minor": 5}'),
    raw("cells without end", '{"cells": ' + "[" * 100_000),
    raw("no cells", nbformat.writes(nbformat.v4.new_notebook())),
    raw("format of the future", '{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": -1}'),
    rewritten("cut off", lambda notebook: nbformat.writes(notebook)[:-500], NOTHING),
    rewritten("format 3", version3),
    rewritten("BOM and CRLF", windows),
    rewritten("CRLF in cells", windows_lines),
    rewritten("Windows-1252", windows_letters, EITHER),
    placed("a folder for a notebook", folder_for_notebook),
    placed("link to a neighbour", neighbour),
    placed("link to a neighbour's folder", neighbours_folder),
    placed("link to the solution", solution),
    placed("link to zeros", endless, dangerous=True),
    placed("link to nothing", dangling),
    placed("pipe for a notebook", pipe, dangerous=True),
    answering("special files", files=specials, dangerous=True),
]
