"""Graded by nbgrader: wrong answers lose points, right ones have them all, and what a rule forbids scores nothing."""

import ast
import re

import pytest

from proctor.classroom import set_up
from proctor.course import ClassFolder
from proctor.grade import autograde
from proctor.gradebook import scores
from proctor.inspection import flags
from proctor.master import read_master
from proctor.mutants import grade_bank
from tests.assignments.banks import BANKS, LEAST, TIMEOUT, every
from tests.assignments.cells import by_grade_id, exercises, signatures

ACCIDENT = re.compile("RuleBroken|NotRun|KernelDied|CellTimeout|SyntaxError|NameError")


@pytest.fixture(scope="session")
def verdicts(course, once):
    """What the tests make of each file."""

    def make(folder):
        banks = {bank.name: bank for bank in BANKS.iterdir()}
        found = [grade_bank(name, bank, folder / name, course, TIMEOUT) for name, bank in banks.items()]
        return {verdict.file: verdict for verdicts in found for verdict in verdicts}

    return once("mutants", make)


@pytest.mark.slow
@every("wrong")
def test_a_wrong_answer_loses_points(file, verdicts):
    verdict = verdicts[file]
    assert verdict.score < verdict.max_score, "the hidden tests miss this mistake"
    assert not ACCIDENT.search(verdict.reason), "it should lose them for its mistake"


@pytest.mark.slow
@every("right")
def test_a_right_answer_has_all_points(file, verdicts):
    verdict = verdicts[file]
    assert verdict.score == verdict.max_score > 0, verdict.reason


@pytest.mark.slow
@every("forbidden")
def test_a_forbidden_answer_scores_nothing(file, verdicts):
    verdict = verdicts[file]
    assert verdict.score == 0 < verdict.max_score
    assert "RuleBroken" in verdict.reason


@pytest.mark.slow
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


def test_the_bank_is_complete(assignment, checkout):
    master = read_master(checkout.master(assignment))
    assert {folder.name for folder in (BANKS / assignment).iterdir()} == set(exercises(master))
    for exercise in exercises(master):
        tests = [cell.source for name, cell in by_grade_id(master).items() if name.startswith(f"test_{exercise}")]
        ruled = any("without(" in test for test in tests)
        for kind, least in LEAST.items():
            count = len(list((BANKS / assignment / exercise / kind).glob("*.py")))
            assert count >= least or (kind == "forbidden" and not ruled), f"{exercise}/{kind}: {count} files"


def test_each_file_says_what_the_student_thought_and_keeps_the_signature(assignment, checkout):
    for exercise, solution in exercises(read_master(checkout.master(assignment))).items():
        asked = {name: arguments for name, (arguments, _) in signatures(solution).items()}
        for file in (BANKS / assignment / exercise).rglob("*.py"):
            source = file.read_text(encoding="utf-8")
            given = {name: arguments for name, (arguments, _) in signatures(source).items()}
            assert asked.items() <= given.items(), file
            assert source.startswith("#") or ast.get_docstring(ast.parse(source)), file
