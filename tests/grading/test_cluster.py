"""The same class on a cluster of two worker processes, one of which is killed in the middle: each graded once."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from proctor.classroom import set_up
from proctor.course import ClassFolder
from proctor.gradebook import scores
from proctor.sandbox import probe
from tests.grading.conftest import command, hand_in

pytestmark = pytest.mark.slow
pytest.importorskip("distributed", reason="grading on a cluster is optional: pip install distributed")

SLOW = "import time\ntime.sleep(1)\ndef half(x): return x / 2"
STUDENTS = [f"s{number}" for number in range(8)]


def dask(kind: str, *words: str) -> subprocess.Popen:
    """A scheduler or a worker of its own, on this machine only."""
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    words = [sys.executable, "-m", "distributed.cli.dask_" + kind, *words, "--host", "127.0.0.1", "--no-dashboard"]
    return subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


@pytest.fixture
def cluster():
    """The scheduler's address and the two workers."""
    scheduler = dask("scheduler", "--port", "0")
    address = next(match[0] for line in scheduler.stderr if (match := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
    workers = [dask("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    yield address, workers
    for process in [*workers, scheduler]:
        process.kill()
        process.communicate()


def test_a_worker_is_lost(course, answers, tmp_path, cluster):
    if not (report := probe()).confines:
        pytest.skip(f"no sandbox on this host: {report.sentence}")
    address, (first, _) = cluster
    folder = ClassFolder(tmp_path.resolve())
    set_up(course, folder, "tiny", timeout=20)
    for student in STUDENTS:
        hand_in(folder, student, answers(half=SLOW))
    words = [sys.executable, "-m", "nbgrader", "autograde", "tiny", f"--ExecuteSubmission.scheduler={address}"]
    with subprocess.Popen(words, cwd=folder.root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as run:
        log = []
        for line in run.stderr:
            log.append(line)
            if "Setting destination" in line and first.poll() is None:
                time.sleep(0.3)  # in the middle of the next one
                first.send_signal(signal.SIGKILL)
    assert run.returncode == 0, "".join(log)[-3000:]
    assert first.wait(timeout=600) == -signal.SIGKILL  # a net: it was killed
    found = scores(folder.gradebook, "tiny")
    assert {student: (score.score, score.by_hand) for student, score in found.items()} == dict.fromkeys(
        STUDENTS, (6, 2)
    )
    begun = [line for line in log if "] Autograding " in line]
    assert len(begun) == len(STUDENTS)


def test_nobody_answers(course, answers, tmp_path):
    folder = ClassFolder(tmp_path.resolve())
    set_up(course, folder, "tiny", timeout=20)
    hand_in(folder, "ann", answers())
    setting = "--ExecuteSubmission.scheduler=tcp://127.0.0.1:9"
    result = command("nbgrader", "autograde", "tiny", setting, cwd=folder.root)
    assert result.returncode == 1
    assert "no dask scheduler answers at tcp://127.0.0.1:9" in result.stderr
    assert "Traceback" not in result.stderr
    assert not folder.autograded("ann", "tiny").exists()
