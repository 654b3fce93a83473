"""Reading what students hand in."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from proctor.submission import SubmissionExporter, read_submission


def test_a_valid_notebook_is_read_as_it_is():
    notebook = new_notebook(cells=[new_code_cell("1 + 1")])
    assert read_submission(nbformat.writes(notebook)) == notebook


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


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff\xfe\x00", "not text"), (b"half of {", "not JSON"), (None, "cannot be opened")]
)
def test_the_exporter_says_why(tmp_path, content, reason):
    path = tmp_path / "tiny.ipynb"
    path.mkdir() if content is None else path.write_bytes(content)
    text, resources = SubmissionExporter().from_filename(str(path), resources={})
    assert reason in resources["unreadable"]
    assert reason in nbformat.reads(text, as_version=4).cells[0].source
