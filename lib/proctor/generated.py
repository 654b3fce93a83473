"""What `nbgrader generate_assignment` makes: a gradebook's tests, and a copy of the students' notebook."""

import hashlib
import os
from pathlib import Path

import nbformat

from proctor.course import ClassFolder, Course, CourseError, write_if_changed
from proctor.inspection import flags
from proctor.verbs import run_verb


def fill_gradebook(course: Course, folder: ClassFolder, assignment: str, output: Path | None = None) -> Path:
    """Let a class's gradebook know an assignment, unless it already knows this very version.

    Args:
        course: the course.
        folder: the class; its folder holds an `nbgrader_config.py`.
        assignment: the id; `master.build` has run.
        output: where nbgrader may put its copy of the students' notebook; `release/` in the class otherwise.

    Returns:
        That copy.

    Raises:
        CourseError: if nbgrader refuses.
    """
    output = output or folder.root / "release"
    fresh = output / assignment / f"{assignment}.ipynb"
    stamp = output / f"{assignment}.made-from"
    version = made_from(course, assignment)
    if fresh.is_file() and stamp.is_file() and stamp.read_text() == version and knows(course, folder, assignment):
        return fresh
    status, errors = run_verb(
        [
            "generate_assignment",
            assignment,
            "--force",
            f"--CourseDirectory.release_directory={os.path.abspath(output)}",
        ],
        folder.root,
    )
    if status:
        raise CourseError(refusal(course, folder, assignment, errors))
    write_if_changed(stamp, version)
    return fresh


def made_from(course: Course, assignment: str) -> str:
    """A digest of what a release depends on: the built source and nbgrader's configuration."""
    digest = hashlib.sha256(course.built(assignment).read_bytes())
    digest.update((course.root / "nbgrader_config.py").read_bytes())
    return digest.hexdigest()


def knows(course: Course, folder: ClassFolder, assignment: str) -> bool:
    """Whether a gradebook holds the built source's locked cells, word for word, and its points."""
    from proctor.gradebook import find_tests  # nbgrader takes seconds to import; most commands end before

    tests = find_tests(folder.gradebook, assignment)
    if tests is None:
        return False
    cells = nbformat.read(course.built(assignment), as_version=4).cells
    locked = {flags(cell)["grade_id"]: cell.source for cell in cells if flags(cell).get("locked")}
    points = {flags(cell)["grade_id"]: float(flags(cell)["points"]) for cell in cells if "points" in flags(cell)}
    return locked == {name: tests.sources[name] for name in tests.locked} and points == tests.points


def refusal(course: Course, folder: ClassFolder, assignment: str, errors: list[str]) -> str:
    """Say why a release failed and what to do."""
    said = " ".join(errors) or "no reason given"
    if "submissions associated" in said:
        return (
            f"{course.master(assignment)} adds or removes graded cells, but {folder.gradebook} already holds "
            f"submissions: keep the grade_ids, or drop those grades with "
            f"`nbgrader db assignment remove {assignment} --force` and release again"
        )
    return f"nbgrader could not release {course.master(assignment)}: {said}"
