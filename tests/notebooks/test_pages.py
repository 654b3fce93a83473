"""No page takes a cell out of the comparison when its notebook is run again."""

from pathlib import Path

import jupytext
import pytest
from nbval.plugin import find_comment_markers, find_metadata_tags

BOOK = Path(__file__).parents[2] / "book"
PAGES = [file for file in sorted(BOOK.rglob("*.md")) if "{code-cell}" in file.read_text(encoding="utf-8")]
# By page and the cell's first line: why its outputs cannot be compared.
EXCUSED: dict[tuple[str, str], str] = {}


def opting_out(cell) -> bool:
    """Whether nbval would not run a code cell, or not compare what it shows, or myst-nb would not run it."""
    found = dict(find_metadata_tags(cell.metadata)) | dict(find_comment_markers(cell.source))
    return bool(found.get("skip")) or found.get("check") is False or "skip-execution" in cell.metadata.get("tags", [])


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(BOOK).as_posix())
def test_every_cell_is_compared(file):
    for cell in jupytext.read(file).cells:
        if cell.cell_type == "code" and opting_out(cell):
            key = file.relative_to(BOOK).as_posix(), cell.source.partition("\n")[0]
            assert key in EXCUSED, f"{key}: say in EXCUSED why what it shows cannot be compared"
