"""Points are those that nbgrader's own step saves, in one transaction; but for values that are no number of points."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades

from proctor import blueprint
from proctor.classroom import set_up
from proctor.course import ClassFolder
from proctor.repair import repair
from proctor.running.outputs import error
from proctor.saving import SaveGrades

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Object of type <Submitted")]

OUTPUTS = {
    "nothing": [],
    "error": [error("AssertionError", "no")],
    "partial": [new_output("execute_result", data={"text/plain": "0.5"}, execution_count=1)],
    "prints": [new_output("stream", name="stdout", text="3")],
}


@pytest.fixture(scope="module")
def released(course, tmp_path_factory) -> Path:
    """A gradebook that knows the assignment, and nobody who hands it in; only to be read."""
    folder = ClassFolder(tmp_path_factory.mktemp("class").resolve())
    set_up(course, folder, "tiny")
    return folder.gradebook


@pytest.fixture
def folder(released, tmp_path) -> ClassFolder:
    """A class with a gradebook of its own."""
    found = ClassFolder(tmp_path.resolve())
    shutil.copy(released, found.gradebook)
    return found


def saved(path) -> list:
    """All that the gradebook holds of a submission."""
    with Gradebook(f"sqlite:///{path}") as gradebook:
        submission = gradebook.find_submission_notebook("tiny", "tiny", "ann")
        grades = [(one.name, one.auto_score, one.manual_score, one.needs_manual_grade) for one in submission.grades]
        return sorted(grades) + sorted((one.name, one.auto_comment) for one in submission.comments)


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("by_hand", [None, 1.0])
def test_as_nbgrader_saves_them(folder, answers, tmp_path, kind, by_hand):
    url = f"sqlite:///{folder.gradebook}"
    with Gradebook(url) as gradebook:
        gradebook.add_student("ann")
        gradebook.add_submission("tiny", "ann")
        gradebook.find_grade("test_half", "tiny", "tiny", "ann").manual_score = by_hand
        gradebook.db.commit()
    notebook = answers(why="") if kind == "nothing" else answers(why="because")
    repair(notebook, blueprint.load(url, "tiny", "tiny"))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = OUTPUTS[kind]
    resources = {"nbgrader": {"student": "ann", "assignment": "tiny", "notebook": "tiny", "db_url": url}}
    shutil.copy(folder.gradebook, tmp_path / "before.db")
    SaveGrades().preprocess(nbformat.from_dict(notebook), resources)
    ours = saved(folder.gradebook)
    shutil.copy(tmp_path / "before.db", folder.gradebook)
    SaveAutoGrades().preprocess(nbformat.from_dict(notebook), resources)
    assert ours == saved(folder.gradebook)
    assert any(one[1] is not None for one in ours)


@pytest.mark.parametrize("text", ["'done'", "np.float64(0.0)", "False", "-1", "4", "nan"])
@pytest.mark.parametrize("by_hand", [None, 1.0])
def test_what_is_no_number_of_points_waits_for_a_person(folder, answers, text, by_hand):
    """Whoever ran the notebook: nbgrader gives all the points for most of these, and stops at 4."""
    url = f"sqlite:///{folder.gradebook}"
    with Gradebook(url) as gradebook:
        gradebook.add_submission("tiny", gradebook.add_student("ann").id)
        gradebook.find_grade("test_half", "tiny", "tiny", "ann").manual_score = by_hand
        gradebook.db.commit()
    notebook = answers(why="because")
    repair(notebook, blueprint.load(url, "tiny", "tiny"))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "test_half":
            cell.outputs = [new_output("execute_result", data={"text/plain": text}, execution_count=1)]
    resources = {"nbgrader": {"student": "ann", "assignment": "tiny", "notebook": "tiny", "db_url": url}}
    before = nbformat.writes(notebook)
    SaveGrades().preprocess(notebook, resources)
    assert nbformat.writes(notebook) == before
    grades = {one[0]: one for one in saved(folder.gradebook)}
    assert grades["test_half"] == ("test_half", None, by_hand, True)
    assert grades["test_root"] == ("test_root", 1.0, None, False)
