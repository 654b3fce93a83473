"""How pages are written: code that fits its box, one way to write decimals, no log lines, no table in a stream of text.

The last is asked of the notebooks that the build executed; the rest of the sources.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
import pytest
from sphinx.config import Config
from sphinx.directives.code import LiteralIncludeReader

from tests.book.prose import PageText

BOOK = Path(__file__).parents[2] / "book"
EXECUTED = BOOK.parent / "_build" / "jupyter_execute"
COLUMNS = 79  # a box at 1280 px holds 82
LINES = 25
PAGES = sorted(BOOK.rglob("*.md"))
WITH_CELLS = [file for file in PAGES if "{code-cell}" in file.read_text(encoding="utf-8")]
each_page = pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(BOOK).as_posix())
each_page_with_cells = pytest.mark.parametrize("file", WITH_CELLS, ids=lambda file: file.relative_to(BOOK).as_posix())


@dataclass(frozen=True)
class Cell:
    """A code cell: its lines, and whether a reader sees them without opening anything."""

    lines: list[str]
    in_sight: bool


def cells(file: Path) -> list[Cell]:
    notebook = jupytext.read(file, fmt="md:myst")
    return [
        Cell(cell.source.split("\n"), not {"hide-input", "hide-cell", "remove-input", "remove-cell"} & set(tags))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for tags in [cell.metadata.get("tags", [])]
    ]


def included(file: Path) -> dict[str, list[str]]:
    """The lines that each `literalinclude` of a page shows, but for whole files, which stand folded at its end."""
    blocks = re.findall(r"^`{3,}\{literalinclude\} (\S+)\n((?::.*\n)*)", file.read_text(encoding="utf-8"), re.MULTILINE)
    found = {}
    for path, block in blocks:
        options = dict(re.findall(r"^:([\w-]+):[ ]?(.*)$", block, re.MULTILINE))
        if options.keys() <= {"language"}:
            continue
        options = {key: int(value) if key == "dedent" else value for key, value in options.items()}
        text, _ = LiteralIncludeReader(str(file.parent / path), options, Config()).read()
        found[path] = text.rstrip("\n").split("\n")
    return found


@each_page_with_cells
def test_code_fits_its_box(file):
    too_wide = [line for cell in cells(file) for line in cell.lines if len(line) > COLUMNS]
    assert not too_wide, f"more than {COLUMNS} columns: break these lines:\n" + "\n".join(too_wide)


@each_page
def test_code_from_the_library_fits_too(file):
    too_wide = [f"{path}: {line}" for path, lines in included(file).items() for line in lines if len(line) > COLUMNS]
    assert not too_wide, f"more than {COLUMNS} columns: break these lines:\n" + "\n".join(too_wide)


@each_page_with_cells
def test_a_cell_in_sight_is_short(file):
    long = [f"{len(c.lines)} lines: {c.lines[0]}" for c in cells(file) if c.in_sight and len(c.lines) > LINES]
    assert not long, f"more than {LINES} lines: cut the cell in two, or fold what draws or prepares:\n" + "\n".join(
        long
    )


@each_page_with_cells
def test_no_log_lines_between_sentences(file):
    code = [line for cell in cells(file) for line in cell.lines]
    log = [line for line in code if re.search(r"recorded by|wherever (it|they|these) (is|are)", line)]
    assert not log, "say it in the note at the page's end (seeing.book.Provenance):\n" + "\n".join(log)


@each_page_with_cells
def test_a_note_on_provenance_is_the_last_thing_of_its_page(file):
    code = ["\n".join(cell.lines) for cell in cells(file)]
    if any("Provenance(" in source for source in code):
        assert re.search(r"^(provenance$|Provenance\()", code[-1], re.MULTILINE)


@each_page
def test_decimals_are_written_one_way(file):
    """`.83`, not `0.83`, in sentences, captions and picture texts."""
    odd = re.findall(r"\S*(?<![\d.,])0\.\d*[1-9](?![\d%])\S*", PageText(file).text)
    assert not odd, f"without the zero: {odd}"


def test_the_lecture_is_named_once():
    said = {
        file.relative_to(BOOK).as_posix(): len(re.findall(r"\blecture('s|s)?\b", PageText(file).text)) for file in PAGES
    }
    assert {name: times for name, times in said.items() if times} == {"index.md": 1}


def columns(text: str) -> list[str]:
    """The first line of each table in a printed text: three lines or more with gaps of spaces below each other."""
    found, run = [], []
    for line in [*text.split("\n"), ""]:
        gaps = {match.end() for match in re.finditer(r"(?<=\S) {2,}(?=\S)", line)}
        if len(gaps) >= 2 and not line.lstrip().startswith(("[", "tensor", "array")):
            run.append((line, gaps))
            continue
        if len(run) >= 3 and len(set.intersection(*(gaps for _, gaps in run))) >= 1:
            found.append(run[0][0])
        run = []
    return found


def test_what_was_printed_as_a_table_is_seen():
    assert columns("group   rate   n\nA       .50    3\nB       .75    4") == ["group   rate   n"]
    assert columns("[[1  2  3]\n [1  2  3]\n [4  5  6]]") == []
    assert columns("a line of words\nand another\nand a third") == []


@each_page_with_cells
def test_results_are_tables(file):
    executed = EXECUTED / file.relative_to(BOOK).with_suffix(".ipynb")
    if not executed.is_file():
        pytest.skip("no built book: run `make book` first")
    printed = [
        line
        for cell in nbformat.read(executed, as_version=4).cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
        for line in columns(output.text)
    ]
    assert not printed, "make a table of it (seeing.book.table):\n" + "\n".join(printed)
