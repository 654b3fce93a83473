"""What lies beside a submitted notebook: nbgrader copies it, and would copy whatever a link points to."""

import os

from nbgrader.converters import base
from nbgrader.utils import find_all_files

LARGEST = 200 << 20  # bytes of a student's file that is worth keeping


def copy_ordinary_files_only() -> None:
    """Make nbgrader pass over links, pipes and other special files in what it converts.

    A link to the gradebook would otherwise come back to the student with the feedback, and a broken one or a pipe
    would stop the submission.
    """
    base.find_all_files = ordinary_files


def ordinary_files(path: str, exclude: list[str] | None = None) -> list[str]:
    """As nbgrader's `find_all_files`, less what is no ordinary file or is larger than LARGEST."""
    found = [file for file in find_all_files(path, exclude) if os.path.isfile(file) and not os.path.islink(file)]
    return [file for file in found if os.path.getsize(file) <= LARGEST]
