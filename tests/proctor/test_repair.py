"""Graded cells are those of the gradebook, each once, each where it belongs."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from proctor.repair import keep_known, put_back

WANTED = {
    name: NotebookNode(grade_id=name, locked=locked, grade=grade, solution=not locked, task=False)
    for name, locked, grade in [("setup", True, False), ("f", False, False), ("test_f", True, True), ("g", False, True)]
}
SOURCES = {name: ("code", f"# {name}") for name in WANTED}


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
    keep_known(nb, WANTED)
    return put_back(nb, WANTED, SOURCES)


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
