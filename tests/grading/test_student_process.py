"""A test with the tag `student-process` runs there, between cells that must fail."""

import shutil

import nbformat
import pytest

from proctor.classroom import set_up
from proctor.course import ClassFolder, Course
from proctor.gradebook import scores
from proctor.inspection import SAME_PROCESS, flags
from proctor.master import build
from proctor.sample import unmarked
from tests.grading.conftest import TINY, command, hand_in

pytestmark = pytest.mark.slow

TAGGED = """---
tags: [student-process]
nbgrader:
  grade_id: test_half"""
WRONG = "def half(x): return 0"
ANSWERS = {
    "right": ("def half(x): return x / 2", 3),
    "wrong": (WRONG, 0),
    "pass for every cell": (f"{WRONG}\nget_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])", 0),
    "no assertions": (
        "import ast\n"
        "class Gone(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "    def visit_Raise(self, node): return ast.Pass()\n"
        f"get_ipython().ast_transformers.append(Gone())\n{WRONG}",
        0,
    ),
    "a number": (f"{WRONG}\nhalf = lambda x: print('3') or 0", 0),
    "kernel gone": ("import os\ndef half(x): os._exit(0)", 0),
}


@pytest.fixture
def tagged(tmp_path, course) -> Course:
    """The tiny course, one test of it tagged."""
    root = tmp_path.resolve() / "course"
    (root / "solutions" / "tiny").mkdir(parents=True)
    text = TINY.read_text().replace("---\nnbgrader:\n  grade_id: test_half", TAGGED)
    (root / "solutions" / "tiny" / "tiny.md").write_text(text)
    shutil.copy(course.root / "nbgrader_config.py", root)
    found = Course(root)
    build(found, "tiny")
    return found


def test_verdicts(tagged, tmp_path):
    solved = nbformat.read(tagged.built("tiny"), as_version=4)
    (test,) = [cell for cell in solved.cells if flags(cell).get("grade_id") == "test_half"]
    assert test.source.startswith(f"{SAME_PROCESS}\n")
    folder = ClassFolder(tmp_path.resolve() / "class")
    folder.root.mkdir()
    set_up(tagged, folder, "tiny", timeout=10)
    for student, (answer, _) in ANSWERS.items():
        for cell in solved.cells:
            if flags(cell).get("solution"):
                cell.source = answer if flags(cell)["grade_id"] == "half" else unmarked(cell.source)
        hand_in(folder, student, solved)
    result = command("nbgrader", "autograde", "tiny", cwd=folder.root)
    assert result.returncode == 0, result.stderr[-2000:]
    found = {student: score.cells["test_half"][0] for student, score in scores(folder.gradebook, "tiny").items()}
    assert found == {student: points for student, (_, points) in ANSWERS.items()}
    assert "must fail passed" in folder.autograded("pass for every cell", "tiny").read_text()
