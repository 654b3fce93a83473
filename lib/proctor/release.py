"""Releases: the students' notebook and the gradebook's tests, both made by `nbgrader generate_assignment`.

Nothing is released before its solution was graded once: see `rehearsal`.
"""

from proctor.course import ClassFolder, Course, write_if_changed
from proctor.generated import fill_gradebook
from proctor.rehearsal import rehearse


def release(course: Course, assignment: str) -> bool:
    """Bring `assignments/<id>/<id>.ipynb` and the course's own gradebook up to the built source.

    Args:
        course: the course.
        assignment: the id; `master.build` has run.

    Returns:
        Whether the students' notebook changed.

    Raises:
        CourseError: if nbgrader refuses; the message says what it said and what to do. If a test gives, for the
            solution, what is no number of points; see `rehearsal`.
    """
    rehearse(course, assignment)
    fresh = fill_gradebook(course, ClassFolder(course.root), assignment, course.build / "release")
    return write_if_changed(course.released(assignment), fresh.read_text(encoding="utf-8"))
