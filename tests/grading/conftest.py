"""A course with one tiny assignment, released, and commands run as a person would run them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proctor.course import ClassFolder, Course
from proctor.inspection import flags
from proctor.master import build
from proctor.sample import unmarked

TINY = Path(__file__).parents[1] / "proctor" / "tiny.md"
CONFIG = Course.find(TINY.parent).root / "nbgrader_config.py"
# The tiny assignment imports nothing that takes long, so nothing of the kind is loaded for it: 4 s of processor time.
LEAN = "\nc.ExecuteSubmission.preload = []\n"
ROW = re.compile(r"^  (\S.*?)  +([\d.]+ / [\d.]+(?: \+ [\d.]+ by hand)?|none)   (.*?) *$")


def command(*words: str, cwd: Path, **options) -> subprocess.CompletedProcess:
    """Run a Python module as a command; both streams as text, no environment activated."""
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=cwd, env=environment, capture_output=True, text=True, **options
    )


def table(output: str) -> dict[str, tuple[str, str]]:
    """The class table that `proctor grade` prints: student -> score, what happened."""
    found, last = {}, None
    for line in output.splitlines():
        if match := ROW.match(line):
            last = match[1]
            found[last] = (match[2], match[3])
        elif last and line.startswith(" " * 20) and line.strip():
            found[last] = (found[last][0], f"{found[last][1]} {line.strip()}")
    return found


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """The tiny course, built."""
    root = tmp_path_factory.mktemp("course").resolve()
    (root / "solutions" / "tiny").mkdir(parents=True)
    shutil.copy(TINY, root / "solutions" / "tiny")
    (root / "nbgrader_config.py").write_text(CONFIG.read_text() + LEAN)
    course = Course(root)
    build(course, "tiny")
    return course


@pytest.fixture
def answers(course):
    """A function that makes a submission's notebook: answers replaced by `grade_id`."""
    import nbformat

    def make(**changes: str):
        notebook = nbformat.read(course.built("tiny"), as_version=4)
        for cell in notebook.cells:
            name = flags(cell).get("grade_id")
            if flags(cell).get("solution"):
                cell.source = changes.get(name) or unmarked(cell.source)
        return notebook

    return make


def hand_in(folder: ClassFolder, student: str, content) -> Path:
    """Put a submission where it belongs: a notebook, text or bytes."""
    import nbformat

    path = folder.submission(student, "tiny")
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict):
        content = nbformat.writes(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
