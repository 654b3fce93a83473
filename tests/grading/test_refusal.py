"""On a host that forbids namespaces, plain nbgrader refuses in one sentence, and obeys who insists."""

import os
import shlex
import subprocess
import sys

import pytest

from proctor.classroom import set_up
from proctor.course import ClassFolder
from proctor.gradebook import scores
from tests.grading.conftest import hand_in

pytestmark = pytest.mark.slow

FORBID = "cd /proc/sys/user && for kind in max_*_namespaces; do echo 0 > $kind; done && cd {folder} && exec {command}"


def where_namespaces_are_forbidden(folder: ClassFolder, *words: str) -> subprocess.CompletedProcess:
    """Run nbgrader in a user namespace that allows no others below it."""
    command = shlex.join([sys.executable, "-m", "nbgrader", *words])
    inside = FORBID.format(folder=shlex.quote(str(folder.root)), command=command)
    return subprocess.run(["unshare", "--user", "--map-root-user", "sh", "-c", inside], capture_output=True, text=True)


def test_refused_unless_somebody_insists(course, answers, tmp_path):
    possible = ["unshare", "--user", "--map-root-user", "sh", "-c", "echo 0 > /proc/sys/user/max_user_namespaces"]
    if not sys.platform.startswith("linux") or subprocess.run(possible, capture_output=True).returncode:
        pytest.skip("this host has no user namespaces to forbid others in")
    folder = ClassFolder(tmp_path.resolve())
    set_up(course, folder, "tiny", timeout=20)
    hand_in(folder, "ann", answers())
    refused = where_namespaces_are_forbidden(folder, "autograde", "tiny")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert "strangers' code cannot be confined here: namespaces: " in line
    assert "--ExecuteSubmission.sandbox=off" in line
    assert os.listdir(folder.root / "submitted") == ["ann"]
    assert not (folder.root / "autograded").exists()
    assert scores(folder.gradebook, "tiny") == {}
    obeyed = where_namespaces_are_forbidden(folder, "autograde", "tiny", "--ExecuteSubmission.sandbox=off")
    assert obeyed.returncode == 0, obeyed.stderr[-2000:]
    assert scores(folder.gradebook, "tiny")["ann"].score == 6
