"""Stock nbgrader, with none of our steps, grades the same assignments."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proctor.course import ClassFolder
from proctor.gradebook import scores
from proctor.inspection import flags
from proctor.master import read_master
from tests.assignments.cells import by_grade_id

pytestmark = pytest.mark.slow

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = {source!r}
c.Execute.timeout = 3600  # on the wall, and so a net only: the longest cell takes ten seconds
c.Execute.startup_timeout = 1200
"""


def test_master_and_untouched(assignment, course, tmp_path):
    folder = ClassFolder(tmp_path.resolve())
    shutil.copy(course.root / "gradebook.db", folder.gradebook)  # the release has filled it
    for student, notebook in {"master": course.built(assignment), "untouched": course.released(assignment)}.items():
        folder.submission(student, assignment).parent.mkdir(parents=True)
        folder.submission(student, assignment).write_bytes(notebook.read_bytes())
    config = CONFIG.format(root=str(folder.root), source=str(course.build / "source"))
    (folder.root / "nbgrader_config.py").write_text(config)
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    words = [sys.executable, "-m", "nbgrader", "autograde", assignment]
    done = subprocess.run(words, cwd=folder.root, env={**os.environ, "PATH": tools}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    graded = [cell for cell in by_grade_id(read_master(course.master(assignment))).values() if flags(cell)["grade"]]
    automatic = sum(flags(cell)["points"] for cell in graded if not flags(cell)["solution"])
    found = scores(folder.gradebook, assignment)
    assert found["master"].score == automatic
    assert found["untouched"].score == 0
