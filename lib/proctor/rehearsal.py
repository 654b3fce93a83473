"""A rehearsal before a release: the solution is graded as a student's notebook, to see what its tests give.

A test whose value is no number of points (see `running.credit`) would have a person look at every submission.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from proctor.classroom import set_up
from proctor.course import ClassFolder, Course, CourseError, shown, write_if_changed
from proctor.generated import made_from
from proctor.inspection import flags
from proctor.verbs import run_verb

NAME = "solution"  # the student
# The solution is the instructor's own code: it may run where strangers' may not, and it needs no one else's machine.
CONFIG = """
c.CourseDirectory.db_url = "sqlite:///{gradebook}"
c.ExecuteSubmission.sandbox = "preferred"
c.ExecuteSubmission.scheduler = ""
"""


def rehearse(course: Course, assignment: str) -> None:
    """Grade the solution, unless this very version has passed before; a test that it fails is a warning on stderr.

    Args:
        course: the course.
        assignment: the id; `master.build` has run.

    Raises:
        CourseError: if a test gives what is no number of points, one line for each; or if nbgrader cannot grade it.
    """
    stamp, version = course.build / "rehearsed" / assignment, made_from(course, assignment)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == version:
        return
    with tempfile.TemporaryDirectory(prefix="proctor-rehearsal-") as place:
        graded = graded_solution(course, ClassFolder(Path(place).resolve()), assignment)
    judge(course, assignment, graded)
    write_if_changed(stamp, version)


def graded_solution(course: Course, folder: ClassFolder, assignment: str) -> NotebookNode:
    """Make a class of one, who hands in the solution, and grade it.

    Args:
        course: the course.
        folder: an empty folder.
        assignment: the id.

    Raises:
        CourseError: if nbgrader cannot.
    """
    set_up(course, folder, assignment, more=CONFIG.format(gradebook=folder.gradebook))
    write_if_changed(folder.submission(NAME, assignment), course.built(assignment).read_text(encoding="utf-8"))
    _, errors = run_verb(["autograde", assignment], folder.root)
    path = folder.autograded(NAME, assignment)
    if not path.is_file():
        said = " ".join(errors) or "no reason given"
        raise CourseError(f"nbgrader could not grade the solution {shown(course.master(assignment))}: {said}")
    return nbformat.read(path, as_version=4)


def judge(course: Course, assignment: str, graded: NotebookNode) -> None:
    """Refuse what is broken, and warn of what the solution itself fails."""
    from proctor.reasons import errors, found_broken

    master, wrong = shown(course.master(assignment)), found_broken(graded)
    for cell in graded.cells:
        name = flags(cell).get("grade_id")
        if flags(cell).get("grade") and name not in wrong and errors(cell):
            kind, said = list(errors(cell).items())[-1]
            print(f"{master}: the solution itself fails `{name}`: {kind}: {said}", file=sys.stderr)
    if wrong:
        raise CourseError("\n".join(f"{master}: test cell `{name}` {what}" for name, what in wrong.items()))
