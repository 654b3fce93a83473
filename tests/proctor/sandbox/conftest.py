"""`sandbox(function, **policy)` runs a function of a test in a sandbox, once as root and once as an ordinary user."""

import inspect
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from proctor.sandbox import probe
from tests import ordinary_user

INSIDE = Path(__file__).with_name("inside.py")
USERS = ("root", "ordinary user")
PATIENCE = 1200  # seconds: a net, since a sandbox takes one


@pytest.fixture(scope="session")
def report():
    return probe()


@pytest.fixture(params=USERS)
def user(request, report):
    """Who starts the sandbox."""
    if sys.platform != "linux":
        pytest.skip("the sandbox needs Linux")
    if request.param == "root" and os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    if request.param == "ordinary user" and (reason := ordinary_user.reason_not()):
        pytest.skip(reason)
    if not report.confines:
        pytest.skip(report.sentence)
    return request.param


@pytest.fixture
def program(user):
    """Run a Python program as the user; returns a CompletedProcess."""

    def start(*arguments, **options):
        command = [sys.executable, *map(str, arguments)]
        if user == "root":
            return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE, **options)
        return ordinary_user.run_as_user(command, timeout=PATIENCE, **options)

    return start


@pytest.fixture
def sandbox(program):
    """Run a function in a sandbox; returns its value, or with `whole` all that was seen."""

    def run(function, *, arguments=None, without=(), cgroup=None, before="", whole=False, **policy):
        order = {
            "source": textwrap.dedent(inspect.getsource(function)),
            "name": function.__name__,
            "policy": policy,
            "arguments": arguments or {},
            "without": without,
            "cgroup": cgroup,
            "before": before,
        }
        done = program(INSIDE, input=json.dumps(order))
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout.splitlines()[-1])
        if whole:
            return answer
        assert "value" in answer, answer
        return answer["value"]

    return run
