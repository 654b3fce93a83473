"""Graded cells are those of the gradebook, each once, each where it belongs."""

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from proctor.blueprint import Blueprint, Stored
from proctor.repair import file_digest, repair

FLAGS = [("setup", True, False), ("f", False, False), ("test_f", True, True), ("g", False, True)]
WANTED = {
    name: NotebookNode(grade_id=name, locked=locked, grade=grade, solution=not locked, task=False)
    for name, locked, grade in FLAGS
}
STORED = Blueprint({name: Stored("code", f"# {name}", one) for name, one in WANTED.items()}, ("f",), None, "0")


def notebook(*names):
    """A notebook with cells of these names; None is a cell of the student's own."""
    cells = [
        new_code_cell(f"# {name}", metadata={"nbgrader": {"grade_id": name}, "tags": ["x"]} if name else {})
        for name in names
    ]
    return new_notebook(cells=cells)


def code(nb):
    """The code cells, in order."""
    return [cell.source for cell in nb.cells if cell.cell_type == "code"]


def repaired(nb):
    """The names put back."""
    missing = repair(nb, STORED)
    nbformat.validate(nb)
    return missing


def test_a_whole_notebook_stays():
    nb = notebook("setup", "f", None, "test_f", "g")
    before = code(nb)
    assert repaired(nb) == []
    assert code(nb) == before
    assert [cell.metadata.get("nbgrader") for cell in nb.cells] == [
        WANTED["setup"],
        WANTED["f"],
        None,
        WANTED["test_f"],
        WANTED["g"],
    ]
    assert not any("tags" in cell.metadata for cell in nb.cells)


def test_a_deleted_test_comes_after_what_the_student_wrote():
    nb = notebook("setup", "f", None, "g")
    assert repaired(nb) == ["test_f"]
    assert code(nb) == ["# setup", "# f", "# None", "# test_f", "# g"]
    assert any("`test_f` was missing" in cell.source for cell in nb.cells)


def test_first_last_and_several():
    nb = notebook("f")
    assert repaired(nb) == ["setup", "test_f", "g"]
    assert code(nb) == ["# setup", "# f", "# test_f", "# g"]


def test_nothing_left():
    nb = notebook()
    assert repaired(nb) == ["setup", "test_f", "g"]


def test_a_missing_solution_may_be_in_a_cell_of_the_students_own():
    nb = notebook("setup", None, "test_f", "g")
    assert repaired(nb) == []


def test_copies_unknown_and_broken_metadata():
    nb = notebook("setup", "f", "test_f", "test_f", "g", "stranger")
    nb.cells[0].metadata["nbgrader"] = "broken"
    assert repaired(nb) == ["setup"]
    assert [cell.metadata["nbgrader"]["grade_id"] for cell in nb.cells if "nbgrader" in cell.metadata] == [
        "setup",
        "f",
        "test_f",
        "g",
    ]


def test_locked_text_type_and_outputs_are_restored():
    nb = notebook("setup", "f", "test_f", "g")
    nb.cells[1].source = "mine"
    nb.cells[2].source = "assert True"
    nb.cells[2] = new_markdown_cell("assert True", metadata=nb.cells[2].metadata)
    nb.cells[3].outputs = [new_output("stream", name="stdout", text="3")]
    nb.cells[3].execution_count = 7
    nb.metadata = NotebookNode(kernelspec={"name": "ir"}, deep={"deep": {}})
    assert repaired(nb) == []
    assert [(cell.cell_type, cell.source) for cell in nb.cells] == [
        ("code", "# setup"),
        ("code", "mine"),
        ("code", "# test_f"),
        ("code", "# g"),
    ]
    assert (nb.cells[3].outputs, nb.cells[3].execution_count) == ([], None)
    assert nb.metadata == {"language_info": {"name": "python"}}


def test_ids_are_told_apart():
    nb = notebook("f", "f", None, None)
    for cell in nb.cells:
        cell["id"] = "same"
    repaired(nb)
    assert len({cell.id for cell in nb.cells}) == len(nb.cells)


def test_digest(tmp_path):
    (tmp_path / "a").write_text("")
    assert file_digest(tmp_path / "a").startswith("e3b0c442")
    assert file_digest(tmp_path / "b") is None
    assert file_digest(tmp_path) is None
