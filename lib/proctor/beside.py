"""What lies beside a submitted notebook: nbgrader trusts it, whoever put it there.

nbgrader copies it, and would copy whatever a link points to. It reads a date from `timestamp.txt`, and stops at what is
none. It takes the name of a student's folder for a pattern, so that a folder with brackets brings in others' notebooks.
"""

import glob
import os

from nbgrader.converters import Autograde, base
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

LARGEST = 200 << 20  # bytes of a student's file that is worth keeping


def trust_nothing_beside() -> None:
    """Make nbgrader pass over links, pipes and giants in what it converts, dates that are none, others' notebooks.

    A link to the gradebook would otherwise come back to the student with the feedback, and a broken one or a pipe
    would stop the submission.
    """
    base.find_all_files = ordinary_files
    Autograde.init_notebooks = find_own_notebooks
    if CourseDirectory.get_existing_timestamp is not existing_timestamp:
        existing_timestamp.original = CourseDirectory.get_existing_timestamp
        CourseDirectory.get_existing_timestamp = existing_timestamp


def linked(path: str | os.PathLike) -> bool:
    """Whether a file, or the assignment's or the student's folder that it lies in, is a link to another one's."""
    whole = os.path.abspath(path)
    return any(os.path.islink(one) for one in (whole, os.path.dirname(whole), os.path.dirname(os.path.dirname(whole))))


def ordinary_files(path: str, exclude: list[str] | None = None) -> list[str]:
    """As nbgrader's `find_all_files`, less links, special files, giants, and files whose name is no text."""
    if os.path.islink(path) or os.path.islink(os.path.dirname(os.path.abspath(path))):
        return []
    found = [file for file in find_all_files(path, exclude) if os.path.isfile(file) and not os.path.islink(file)]
    return [file for file in found if os.path.getsize(file) <= LARGEST and readable(file)]


def readable(name: str) -> bool:
    """Whether a file's name is text, which it need not be, and which a log of it has to be."""
    try:
        return bool(name.encode("utf-8"))
    except UnicodeEncodeError:
        return False


def existing_timestamp(self, dest_path: str):
    """As nbgrader's, with None for a date that cannot be read."""
    try:
        return existing_timestamp.original(self, dest_path)
    except Exception as error:
        # a date can be wrong in more ways than its parser has errors, and nbgrader's own handling fails with one more
        self.log.warning("no date in %s: %s", os.path.join(dest_path, "timestamp.txt"), error)
        return None


def find_own_notebooks(self) -> None:
    """As nbgrader's `init_notebooks`, with each folder's own notebooks."""
    base.BaseConverter.init_notebooks(self)
    own_notebooks(self)


def own_notebooks(converter) -> None:
    """Give each folder that a converter is to take its own notebooks, and no others.

    Args:
        converter: nbgrader's, after it has looked for notebooks; its `assignments` are changed.
    """
    if converter.coursedir.notebook_id != "*":
        return
    wanted = converter._format_source(converter.coursedir.assignment_id, converter.coursedir.student_id)
    for folder in {*glob.glob(wanted), *converter.assignments}:
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        found = [os.path.join(folder, name) for name in names if name.endswith(".ipynb")]
        converter.assignments.pop(folder, None)
        if found:
            converter.assignments[folder] = found
