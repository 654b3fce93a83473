"""Reading what students hand in."""

import json
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from proctor.submission import read_or_replace, read_submission


def test_what_a_student_wrote_is_kept_and_nothing_else():
    picture = {"image.png": {"image/png": "AAAA"}}
    flags = {"grade_id": "f", "points": 99, "deep": [[]]}
    notebook = new_notebook(
        metadata={"kernelspec": {"name": "ir", "display_name": "R"}},
        cells=[
            new_code_cell("1 + 1", outputs=[new_output("stream", text="2")], execution_count=3),
            new_code_cell("f", metadata={"tags": ["skip-execution"], "nbgrader": flags}),
            new_markdown_cell("see ![](attachment:image.png)", attachments=picture),
        ],
    )
    found = read_submission(nbformat.writes(notebook))
    nbformat.validate(found)
    assert [(cell.cell_type, cell.source) for cell in found.cells] == [
        ("code", "1 + 1"),
        ("code", "f"),
        ("markdown", "see ![](attachment:image.png)"),
    ]
    assert [cell.metadata for cell in found.cells] == [{}, {"nbgrader": {"grade_id": "f"}}, {}]
    assert (found.metadata, found.cells[0].outputs, found.cells[0].execution_count) == ({}, [], None)
    assert found.cells[2].attachments == picture


def test_halves_of_characters_are_replaced():
    text = json.dumps({"cells": [{"cell_type": "code", "source": "x = '\ud800'"}]})
    assert read_submission(text).cells[0].source == "x = '?'"


def test_a_notebook_of_format_3():
    old = {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python", "outputs": [], "collapsed": False}
    text = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [old]}]})
    assert [cell.source for cell in read_submission(text).cells] == ["a = 1\nb = 2"]
    with pytest.raises(ValueError, match="an old format"):
        read_submission(json.dumps({"worksheets": 3}))


@pytest.mark.parametrize("attachments", [3, {"a": 3}, {"a": {"image/png": 3}}, {"a": {"image/png": "A" * (21 << 20)}}])
def test_attachments_that_are_none_or_too_many(attachments):
    text = json.dumps({"cells": [{"cell_type": "markdown", "source": "", "attachments": attachments}]})
    assert "attachments" not in read_submission(text).cells[0]


def test_a_link_or_a_pipe_is_no_notebook(tmp_path):
    (tmp_path / "a.ipynb").write_text('{"cells": []}')
    (tmp_path / "b.ipynb").symlink_to(tmp_path / "a.ipynb")
    os.mkfifo(tmp_path / "c.ipynb")
    assert read_or_replace(tmp_path / "a.ipynb")[1] is None
    assert read_or_replace(tmp_path / "b.ipynb")[1] == "a link to another file"
    assert read_or_replace(tmp_path / "c.ipynb")[1] == "cannot be opened (not a file)"


def test_a_byte_order_mark_is_passed_over(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(b'\xef\xbb\xbf{"cells": [],\r\n "metadata": {}}')
    assert read_or_replace(tmp_path / "a.ipynb")[1] is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("{'cells'", "not JSON"),
        ("[]", "JSON, but without cells"),
        ("{}", "JSON, but without cells"),
        ('{"cells": 3}', "JSON, but without cells"),
        ("[" * 100_000, "JSON nested without end"),
    ],
)
def test_not_a_notebook(text, reason):
    with pytest.raises(ValueError, match=f"^{reason}$"):
        read_submission(text)


def test_a_broken_notebook_keeps_its_cells():
    cells = [
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
        {"cell_type": "code", "source": "c", "metadata": 3, "outputs": "none"},
        {"cell_type": ["?"], "source": "text"},
        "not a cell",
    ]
    notebook = read_submission(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": [], "cells": cells}))
    nbformat.validate(notebook)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        ("code", "a = 1\nb = 2"),
        ("code", "c"),
        ("raw", "text"),
    ]
