"""A course with one tiny assignment (`tiny.md`), made anew for each test that asks for it."""

import shutil
from pathlib import Path

import pytest

from proctor.course import Course

HERE = Path(__file__).parent


@pytest.fixture
def course(tmp_path) -> Course:
    """The tiny course, with the real nbgrader configuration; nothing built."""
    root = tmp_path / "course"
    (root / "solutions" / "tiny").mkdir(parents=True)
    shutil.copy(HERE / "tiny.md", root / "solutions" / "tiny")
    shutil.copy(Course.find(HERE).root / "nbgrader_config.py", root)
    return Course(root.resolve())
