"""Ctrl-C in the middle of a class: what is graded stays, a second run goes on."""

import signal
import subprocess
import sys

import pytest

from proctor.classroom import set_up
from proctor.course import ClassFolder
from tests.grading.conftest import command, hand_in, table

pytestmark = pytest.mark.slow


def test_goes_on_where_it_stopped(course, answers, tmp_path):
    folder = ClassFolder(tmp_path.resolve())
    set_up(course, folder, "tiny", timeout=20)
    students = ["ann", "bob", "cem"]
    for student in students:
        hand_in(folder, student, answers(half="import time\ntime.sleep(2)\ndef half(x): return x / 2"))
    words = ["proctor", "grade", "tiny", "--class", str(folder.root)]
    run = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=course.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert run.stderr.readline() == "  1 of 3: ann\n"
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=600)  # a net: it takes a second
    assert run.returncode == 130
    assert errors == "stopped; run the same command again to go on\n"
    assert [name for name in students if folder.autograded(name, "tiny").exists()] == ["ann"]
    before = folder.autograded("ann", "tiny").stat().st_mtime_ns

    again = command(*words, cwd=course.root)
    assert table(again.stdout) == dict.fromkeys(students, ("6 / 8 + 2 by hand", "all tests pass"))
    assert "graded 2 in" in again.stdout
    assert folder.autograded("ann", "tiny").stat().st_mtime_ns == before
