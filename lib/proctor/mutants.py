"""Mutant banks: wrong answers that an assignment's tests must fail, and right ones that they must pass.

A bank is a folder `<exercise>/{wrong,forbidden,right}/*.py`; forbidden answers have the right numbers and break a
rule. Each file replaces the solution cell of its exercise and says in its first line what the student was thinking.
Exercises are independent, so one notebook carries one file of each: the first of every exercise, the second of
every exercise, and so on.
"""

import tempfile
import time
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from proctor.classroom import set_up
from proctor.course import ClassFolder, Course, CourseError, write_if_changed
from proctor.exercises import exercise_of
from proctor.grade import autograde
from proctor.gradebook import Score, find_tests, scores
from proctor.inspection import flags
from proctor.master import build
from proctor.reasons import broken_tests, first_failure
from proctor.table import print_bank

KINDS = ("wrong", "forbidden", "right")


@dataclass(frozen=True)
class Verdict:
    """What the tests make of one file of a bank.

    Args:
        file: the replacement cell.
        exercise: the `grade_id` of the solution cell that it replaces.
        expected: "wrong", "forbidden" or "right", from its folder.
        score: points of the exercise's graded cells.
        max_score: points that they can give.
        reason: the first of those cells that failed and its error; empty when none did.
        broken: whether one of them gave what is no number of points, so that the score means nothing.
    """

    file: Path
    exercise: str
    expected: str
    score: float
    max_score: float
    reason: str
    broken: bool = False

    @property
    def as_expected(self) -> bool:
        """Whether a right answer has all the points, or another one lacks some, given by tests that work."""
        return not self.broken and (self.score == self.max_score) == (self.expected == "right")


def grade_bank(
    assignment: str, bank: Path, work: Path, course: Course | None = None, timeout: int | None = None
) -> list[Verdict]:
    """Grade every file of a bank through `nbgrader autograde`.

    Args:
        assignment: the id; `master.build` has run.
        bank: the folder of the exercises.
        work: an empty folder, made into a class.
        course: the course; the one that `bank` lies in when not given.
        timeout: seconds a cell may run; the course's own limit when not given, as for students.

    Returns:
        One verdict a file, by exercise, wrong, forbidden, right, then by name.

    Raises:
        CourseError: if the bank is empty, names an exercise that does not exist or has no graded cell of its
            own, or nbgrader could not grade one of the notebooks.
    """
    course = course or Course.find(bank)
    folder = ClassFolder(work.resolve())
    solved = nbformat.read(course.built(assignment), as_version=4)
    hand_ins = plan(bank, solved)
    set_up(course, folder, assignment, timeout)
    for student, files in hand_ins.items():
        text = nbformat.writes(replaced(solved, files)) + "\n"
        write_if_changed(folder.submission(student, assignment), text)
    errors = autograde(folder, assignment, sorted(hand_ins))
    results = scores(folder.gradebook, assignment)
    ungraded = sorted(set(hand_ins) - set(results))
    if ungraded:
        raise CourseError(f"nbgrader did not grade {', '.join(ungraded)} in {work}: {' '.join(errors)}")
    exercises = find_tests(folder.gradebook, assignment).solutions
    verdicts = [
        verdict(file, exercise, results[student], folder.autograded(student, assignment), exercises)
        for student, files in hand_ins.items()
        for exercise, file in files.items()
    ]
    return sorted(verdicts, key=lambda one: (one.exercise, KINDS.index(one.expected), one.file.name))


def try_banks(course: Course, assignments: list[str], bank: Path | None) -> int:
    """Grade the banks of some assignments and print what the tests make of each answer.

    Args:
        course: the course.
        assignments: their ids.
        bank: the folder of the one assignment's bank; the usual place when not given.

    Returns:
        0 if every answer fared as its folder says, else 1.

    Raises:
        CourseError: as in `grade_bank`.
    """
    if bank and len(assignments) != 1:
        raise CourseError(f"--bank is for one assignment: name it, one of {', '.join(assignments)}")
    fine = True
    for assignment in assignments:
        build(course, assignment)
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="proctor-mutants-") as work:
            verdicts = grade_bank(assignment, bank or course.bank(assignment), Path(work), course)
        print_bank(assignment, verdicts, time.monotonic() - begin)
        fine &= all(one.as_expected for one in verdicts)
    return 0 if fine else 1


def plan(bank: Path, solved: NotebookNode) -> dict[str, dict[str, Path]]:
    """Deal the files of a bank out to notebooks.

    Returns:
        Student, such as "wrong-03" -> exercise -> file.
    """
    known = {flags(cell).get("grade_id") for cell in solved.cells if flags(cell).get("solution")}
    tests = [flags(cell)["grade_id"] for cell in solved.cells if flags(cell).get("grade")]
    exercises = sorted(path.name for path in bank.glob("*") if path.is_dir())
    for exercise in exercises:
        if exercise not in known or exercise not in {exercise_of(test, known) for test in tests}:
            raise CourseError(
                f"{bank / exercise} is for no exercise: it needs a solution cell `{exercise}` and graded cells "
                f"`test_{exercise}` or `test_{exercise}_...`; there are {', '.join(sorted(known))}"
            )
    found = {}
    for kind in KINDS:
        columns = [sorted((bank / exercise / kind).glob("*.py")) for exercise in exercises]
        for number, files in enumerate(zip_longest(*columns), 1):
            chosen = {exercise: file for exercise, file in zip(exercises, files, strict=True) if file}
            found[f"{kind}-{number:02}"] = chosen
    if not found:
        raise CourseError(f"{bank} holds no answers: put them in <exercise>/wrong/, forbidden/ and right/")
    return found


def replaced(solved: NotebookNode, files: dict[str, Path]) -> NotebookNode:
    """The solved notebook with some solution cells replaced."""
    notebook = nbformat.from_dict(solved)
    for cell in notebook.cells:
        file = files.get(flags(cell).get("grade_id"))
        if file:
            cell.source = file.read_text(encoding="utf-8").rstrip()
    return notebook


def verdict(file: Path, exercise: str, score: Score, autograded: Path, exercises: list[str]) -> Verdict:
    """The verdict on one file, from the score of the notebook that carried it."""
    cells = [name for name in score.cells if exercise_of(name, exercises) == exercise]
    return Verdict(
        file=file,
        exercise=exercise,
        expected=file.parent.name,
        score=sum(score.cells[name][0] or 0.0 for name in cells),
        max_score=sum(score.cells[name][1] for name in cells),
        reason=first_failure(autograded, cells),
        broken=bool(set(cells) & set(broken_tests(autograded))),
    )
