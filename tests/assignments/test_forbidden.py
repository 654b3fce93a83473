"""Graded by nbgrader, a call of what an exercise forbids scores nothing, and neither does doing nothing."""

import pytest

from proctor.classroom import set_up
from proctor.course import ClassFolder
from proctor.grade import autograde
from proctor.gradebook import scores
from proctor.master import read_master
from proctor.mutants import grade_bank
from tests.assignments.banks import BANKS, TIMEOUT, every
from tests.assignments.cells import by_grade_id, flags

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def verdicts(course, once):
    """What the tests make of each file; they are graded as a bank of wrong answers."""

    def make(folder):
        found = {}
        for bank in BANKS.iterdir():
            for forbidden in bank.glob("*/forbidden"):
                exercise = folder / "bank" / bank.name / forbidden.parent.name
                exercise.mkdir(parents=True)
                (exercise / "wrong").symlink_to(forbidden)
            for verdict in grade_bank(bank.name, folder / "bank" / bank.name, folder / bank.name, course, TIMEOUT):
                found[verdict.file.resolve()] = verdict
        return found

    return once("forbidden", make)


@every("forbidden")
def test_a_forbidden_answer_scores_nothing(file, verdicts):
    verdict = verdicts[file]
    assert verdict.score == 0 < verdict.max_score
    assert "RuleBroken" in verdict.reason


def test_all_points_for_the_master_and_none_for_an_untouched_notebook(assignment, course, tmp_path):
    folder = ClassFolder(tmp_path)
    set_up(course, folder, assignment, TIMEOUT)
    for student, notebook in {"master": course.built(assignment), "untouched": course.released(assignment)}.items():
        folder.submission(student, assignment).parent.mkdir(parents=True)
        folder.submission(student, assignment).write_bytes(notebook.read_bytes())
    assert autograde(folder, assignment, ["master", "untouched"]) == []

    graded = [cell for cell in by_grade_id(read_master(course.master(assignment))).values() if flags(cell)["grade"]]
    by_hand = sum(flags(cell)["points"] for cell in graded if flags(cell)["solution"])
    automatic = sum(flags(cell)["points"] for cell in graded) - by_hand
    found = scores(folder.gradebook, assignment)
    assert (found["master"].score, found["master"].by_hand) == (automatic, by_hand)
    assert (found["untouched"].score, found["untouched"].max_score) == (0, automatic + by_hand)
