"""The class runner: stock `nbgrader` verbs for whoever is new or changed, then who got what and why."""

import shutil
import sys
import time
from dataclasses import dataclass

from proctor.course import ClassFolder, Course, CourseError, shown
from proctor.gradebook import Score, find_tests, scores
from proctor.guard import absent_notebooks, check_ready
from proctor.progress import Progress
from proctor.reasons import note, reason
from proctor.repair import file_digest
from proctor.table import print_table
from proctor.verbs import run_verb

MADE_FROM = ".made-from"  # beside a feedback page: the digest of the score that it shows


@dataclass
class Row:
    """One student's line in the class table.

    Args:
        student: the name of the folder.
        score: None where there is none yet.
        what: what happened, in a clause.
        graded: whether the score belongs to the files as they are now.
    """

    student: str
    score: Score | None
    what: str
    graded: bool


def grade_class(course: Course, folder: ClassFolder, assignments: list[str], *, force: bool = False) -> int:
    """Grade what is new, write feedback, and print a table for each assignment.

    Args:
        course: the course.
        folder: the class.
        assignments: ids; those that somebody handed in when empty.
        force: grade everybody again.

    Returns:
        0 if every student has a score and a reason, else 1.

    Raises:
        CourseError: for what keeps the whole class from being graded, before anything is changed.
    """
    handed_in = [name for name in folder.assignments() if name in course.assignments()]
    chosen = assignments or handed_in
    if not chosen:
        raise CourseError(
            f"no submissions in {shown(folder.root / 'submitted')}: put each student's notebook at "
            "submitted/<student>/<id>/<id>.ipynb"
        )
    for assignment in chosen:
        check_ready(course, folder, assignment)
    complete = True
    for assignment in chosen:
        complete &= grade_assignment(folder, assignment, force)
    return 0 if complete else 1


def grade_assignment(folder: ClassFolder, assignment: str, force: bool) -> bool:
    """Grade one assignment and print its table; whether every student has a score."""
    absent = absent_notebooks(folder, assignment)
    students = [name for name in folder.students(assignment) if name not in absent]
    current = {row.student for row in rows(folder, assignment, absent) if row.graded}
    todo = [name for name in students if force or name not in current]
    begin = time.monotonic()
    errors = autograde(folder, assignment, todo)
    seconds = time.monotonic() - begin
    known = scores(folder.gradebook, assignment)
    unread = {
        name: known[name]
        for name in students
        if name in known and feedback_is_old(folder, assignment, name, known[name])
    }
    errors += write_feedback(folder, assignment, unread)
    result = rows(folder, assignment, absent)
    print_table(assignment, folder, result, len(todo), seconds)
    for error in errors:
        print(f"nbgrader: {error}", file=sys.stderr)
    return all(row.score for row in result)


def rows(folder: ClassFolder, assignment: str, absent: dict[str, str]) -> list[Row]:
    """The class as it stands: what is on disk and in the gradebook, nothing run.

    Args:
        folder: the class.
        assignment: the id.
        absent: student -> why there is no notebook.
    """
    tests = find_tests(folder.gradebook, assignment)
    known = scores(folder.gradebook, assignment)
    nothing = Score(0.0, sum(tests.points.values()))
    found = []
    for student in folder.students(assignment):
        if student in absent:
            found.append(Row(student, known.get(student, nothing), absent[student], True))
            continue
        path = folder.autograded(student, assignment)
        noted = note(path)
        same = noted.get("submitted") == file_digest(folder.submission(student, assignment))
        graded = bool(noted.get("executed")) and same and noted.get("tests") == tests.digest and student in known
        if graded:
            score = known[student]
            found.append(Row(student, score, reason(path, tests, score.complete), True))
        else:
            found.append(Row(student, None, "not graded yet: see .nbgrader.log, then grade again", False))
    return found


def autograde(folder: ClassFolder, assignment: str, todo: list[str]) -> list[str]:
    """Run `nbgrader autograde` for some students.

    Args:
        folder: the class.
        assignment: the id.
        todo: who; nothing is run when empty.

    Returns:
        What nbgrader reports as errors.
    """
    if not todo:
        return []
    again = any(folder.autograded(name, assignment).parent.exists() for name in todo)
    arguments = ["autograde", assignment, *(["--force"] if again else []), *excluding(folder, assignment, todo)]
    with Progress(f"grading {assignment}", len(todo)) as progress:
        return run_verb(arguments, folder.root, progress.listen)[1]


def write_feedback(folder: ClassFolder, assignment: str, todo: dict[str, Score]) -> list[str]:
    """Run `nbgrader generate_feedback` for some students; what it reports as errors.

    Args:
        folder: the class.
        assignment: the id.
        todo: student -> the score that the page will show; noted beside the page.
    """
    if not todo:
        return []
    for student in todo:
        shutil.rmtree(folder.feedback(student, assignment).parent, ignore_errors=True)
    errors = run_verb(["generate_feedback", assignment, *excluding(folder, assignment, list(todo))], folder.root)[1]
    for student, score in todo.items():
        page = folder.feedback(student, assignment)
        if page.is_file():
            (page.parent / MADE_FROM).write_text(score.digest)
    return errors


def feedback_is_old(folder: ClassFolder, assignment: str, student: str, score: Score) -> bool:
    """Whether a student's page is missing, or older than the grading or than a person's points and comments."""
    graded, page = folder.autograded(student, assignment), folder.feedback(student, assignment)
    if not note(graded).get("executed"):
        return False
    made_from = page.parent / MADE_FROM
    if not page.is_file() or not made_from.is_file():
        return True
    return page.stat().st_mtime < graded.stat().st_mtime or made_from.read_text() != score.digest


def excluding(folder: ClassFolder, assignment: str, todo: list[str]) -> list[str]:
    """The option that leaves everybody else out.

    nbgrader splits the list at commas: a name with a comma cannot be left out and is graded again.
    """
    others = [name for name in folder.students(assignment) if name not in todo and "," not in name]
    return [f"--CourseDirectory.student_id_exclude={','.join(others)}"] if others else []
