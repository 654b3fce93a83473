"""Setting up a class in a folder of its own, with its own gradebook."""

from proctor.course import ClassFolder, Course, write_if_changed
from proctor.generated import fill_gradebook

CONFIG = '''"""A class of the course in {root}; written by `python -m proctor`."""

load_subconfig("nbgrader_config.py", path={root!r})
c = get_config()
c.CourseDirectory.root = {folder!r}
'''


def set_up(course: Course, folder: ClassFolder, assignment: str, timeout: int | None = None, more: str = "") -> None:
    """Make a folder a class that can grade an assignment.

    Args:
        course: the course it belongs to.
        folder: the class; an `nbgrader_config.py` of its own is kept unless a timeout is given.
        assignment: the id; `master.build` has run.
        timeout: seconds a cell may run here; the course's own limit when not given.
        more: further lines for the `nbgrader_config.py`, where it is written.
    """
    config = folder.root / "nbgrader_config.py"
    if folder.root != course.root and (timeout is not None or not config.exists()):
        text = CONFIG.format(root=str(course.root), folder=str(folder.root))
        if timeout is not None:
            text += f"c.Execute.timeout = {timeout}\n"
        write_if_changed(config, text + more)
    fill_gradebook(course, folder, assignment)
