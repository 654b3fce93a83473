"""Notebooks that stop a stock batch: each is graded for what it holds, and the others are not disturbed."""

import json
import shutil

import nbformat
import pytest

from proctor.classroom import set_up
from proctor.course import ClassFolder
from proctor.inspection import flags
from tests.grading.conftest import command, hand_in, table

pytestmark = pytest.mark.slow

FLOOD = "def half(x):\n    while True: print('x' * 999)"
SWALLOW = """
import time

def half(x):
    while True:
        try:
            while True: time.sleep(0.01)
        except KeyboardInterrupt: pass
"""


def cell(notebook, name):
    """A cell by its grade_id."""
    return next(one for one in notebook.cells if flags(one).get("grade_id") == name)


def submissions(answers):
    """Student -> content, score, what happened."""
    copied = answers()
    copied.cells += [nbformat.from_dict({**cell(copied, name), "id": f"{name}-2"}) for name in ("test_half", "half")]
    forged = answers(half="def half(x): return 0")
    cell(forged, "test_half").metadata["nbgrader"].update(points=99, schema_version=99)
    cell(forged, "test_half").metadata["tags"] = ["skip-execution"]
    broken = answers()
    cell(broken, "test_double").pop("outputs")
    cell(broken, "double").metadata["nbgrader"] = [1, 2]
    gone = answers()
    gone.cells = [one for one in gone.cells if not flags(one).get("locked")]
    foreign = answers()
    foreign.metadata["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}
    full, by_hand = "6 / 8 + 2 by hand", " / 8 + 2 by hand"
    return {
        "copied": (copied, full, "all tests pass"),
        "forged": (forged, f"3{by_hand}", "fails: half (AssertionError: half of 4 is 2)"),
        "broken": (json.dumps(broken), full, "all tests pass"),
        "gone": (gone, full, "4 locked cells were deleted, `setup` first; put back"),
        "foreign": (foreign, full, "all tests pass"),
        "binary": (b"\xff\xfe\x00", "0 / 8", "not a notebook (not text): ask for it again"),
        "swallows": (answers(half=SWALLOW), f"2{by_hand}", "ran over 3 s in `test_half`"),
        "floods": (answers(half=FLOOD), f"3{by_hand}", "fails: half (StudentError: OutputFlood: this cell printed "
                   "more than 20,000,000 characters)"),
        "warns": (answers(half="import sys\ndef half(x):\n    print('hm', file=sys.stderr)\n    return x / 2"),
                  full, "all tests pass"),
        "Doe, Zoë": (answers(), full, "all tests pass"),
    }  # fmt: skip


def test_a_class_of_them(course, answers, tmp_path):
    folder = ClassFolder(tmp_path.resolve())
    set_up(course, folder, "tiny", timeout=3)
    hand_in(folder, "first", answers())
    assert command("proctor", "grade", "--class", str(folder.root), cwd=course.root).returncode == 0
    before = folder.autograded("first", "tiny").stat().st_mtime_ns
    expected = submissions(answers)
    for student, (content, _, _) in expected.items():
        hand_in(folder, student, content)
    result = command("proctor", "grade", "--class", str(folder.root), cwd=course.root)
    found = table(result.stdout)
    first = found.pop("first")
    assert found == {student: tuple(rest) for student, (_, *rest) in expected.items()}
    assert result.returncode == 0
    assert first == ("6 / 8 + 2 by hand", "all tests pass")
    assert folder.autograded("first", "tiny").stat().st_mtime_ns == before
    shown = folder.autograded("floods", "tiny").stat().st_size
    assert shown < 1_000_000


def test_a_corrected_notebook_is_graded_again(course, answers, tmp_path):
    folder = ClassFolder(tmp_path.resolve())
    set_up(course, folder, "tiny", timeout=3)
    hand_in(folder, "ann", "not JSON")
    hand_in(folder, "bob", answers(half="def half(x): return 0"))
    command("proctor", "grade", "--class", str(folder.root), cwd=course.root)
    before = folder.autograded("bob", "tiny").stat().st_mtime_ns
    hand_in(folder, "ann", answers())
    result = command("proctor", "grade", "--class", str(folder.root), cwd=course.root)
    assert "graded 1 in" in result.stdout
    assert table(result.stdout)["ann"] == ("6 / 8 + 2 by hand", "all tests pass")
    assert "could not be read" not in folder.feedback("ann", "tiny").read_text()
    assert folder.autograded("bob", "tiny").stat().st_mtime_ns == before
    shutil.rmtree(folder.root / "autograded" / "bob")
    assert "graded 1 in" in command("proctor", "grade", "--class", str(folder.root), cwd=course.root).stdout
