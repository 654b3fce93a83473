"""The sample class from end to end: every stranger gets a score and a reason, once."""

import re

import pytest
from nbgrader.api import Gradebook

from proctor import sample
from proctor.gradebook import scores
from tests.grading.conftest import command, table

pytestmark = pytest.mark.slow

EXPECTED = {
    "perfect": ("6 / 8 + 2 by hand", "all tests pass"),
    "untouched": ("0 / 8", "stub untouched in 4 of 4 exercises"),
    "half-done": ("5 / 8", "stub untouched in 2 of 4 exercises"),
    "syntax-error": ("4 / 8 + 2 by hand", "syntax error in cell `double`"),
    "infinite-loop": ("3 / 8 + 2 by hand", "ran over 3 s in `test_half`"),
    "deleted-test": ("6 / 8 + 2 by hand", "test cell `test_double` was deleted; put back"),
    "renamed-function": ("4 / 8 + 2 by hand", "`double` is not defined: renamed?"),
    "kills-kernel": ("2 / 8 + 2 by hand", "killed its kernel in `test_half`"),
    "not-json": ("0 / 8", "not a notebook (not JSON): ask for it again"),
    "no-notebook": ("0 / 8", "no notebook in submitted/no-notebook/tiny: ask for tiny.ipynb"),
}


@pytest.fixture(scope="module")
def folder(course):
    """The sample class of the tiny assignment, with a short patience."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "TIMEOUT", 3)
        return sample.write_sample(course, "tiny")


@pytest.fixture(scope="module")
def graded(course, folder):
    """What the first run printed."""
    return command("proctor", "grade", "tiny", "--class", str(folder.root), cwd=course.root)


def test_each_gets_a_score_and_a_reason(graded):
    assert table(graded.stdout) == EXPECTED, graded.stdout + graded.stderr
    assert graded.returncode == 0
    assert "Traceback" not in graded.stdout + graded.stderr


def test_a_pipe_gets_plain_text(graded):
    assert "\x1b" not in graded.stdout + graded.stderr
    assert re.search(r"graded 9 in [\d.]+ s, [\d.]+ s a submission", graded.stdout)
    assert "9 of 9: untouched" in graded.stderr


def test_each_gets_feedback_that_says_what_happened(graded, folder):
    for student in EXPECTED:
        assert folder.feedback(student, "tiny").is_file() == (student != "no-notebook"), student
    words = {
        "not-json": "could not be read as a notebook: not JSON",
        "kills-kernel": "the kernel was lost in test_half",
        "infinite-loop": "ran longer than 3 s",
        "deleted-test": "It was put back before grading",
    }
    for student, text in words.items():
        assert text in folder.feedback(student, "tiny").read_text(), student


def test_the_gradebook_agrees(graded, folder):
    known = scores(folder.gradebook, "tiny")
    assert {name: score.score for name, score in known.items()} == {
        name: float(points.split(" /")[0]) for name, (points, _) in EXPECTED.items() if name != "no-notebook"
    }
    assert known["half-done"].cells["test_half"] == (3.0, 3.0)
    assert known["perfect"].cells["why"] == (None, 2.0)


def test_again_grades_nothing_twice(course, graded, folder):
    files = [path for name in ("autograded", "feedback") for path in (folder.root / name).rglob("tiny.*")]
    before = {path: path.stat().st_mtime_ns for path in files}
    sample.TIMEOUT, patience = 3, sample.TIMEOUT
    try:
        sample.write_sample(course, "tiny")
    finally:
        sample.TIMEOUT = patience
    again = command("proctor", "grade", "tiny", "--class", str(folder.root), cwd=course.root)
    assert table(again.stdout) == EXPECTED
    assert "nothing new to grade" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in files} == before


def test_a_grade_given_by_hand_renews_the_feedback(course, graded, folder):
    with Gradebook(f"sqlite:///{folder.gradebook}") as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "perfect")
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.find_comment("why", "tiny", "tiny", "perfect").manual_comment = "Well explained."
        gradebook.db.commit()
    others = folder.feedback("untouched", "tiny").stat().st_mtime_ns
    again = command("proctor", "grade", "tiny", "--class", str(folder.root), cwd=course.root)
    assert table(again.stdout)["perfect"] == ("8 / 8", "all tests pass")
    assert "Well explained." in folder.feedback("perfect", "tiny").read_text()
    assert folder.feedback("untouched", "tiny").stat().st_mtime_ns == others
