"""The course as these tests see it: the checkout is read, whatever is made goes to a temporary folder."""

import os
import pickle
import shutil
from pathlib import Path
from tempfile import mkdtemp

import pytest
from filelock import FileLock

from proctor.course import Course
from proctor.master import build
from proctor.release import release

CHECKOUT = Course.find(Path(__file__).parent)


def pytest_generate_tests(metafunc):
    """A test that asks for an `assignment` is run for every master."""
    if "assignment" in metafunc.fixturenames:
        metafunc.parametrize("assignment", CHECKOUT.assignments())


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Calls `make(folder)` with an empty folder and keeps the result, for all processes that share the session."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def kept(name, make):
        result = shared / f"{name}.pickle"
        with FileLock(shared / f"{name}.lock"):
            if not result.exists():
                folder = Path(mkdtemp(prefix=f"{name}-", dir=shared))
                result.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(result.read_bytes())

    return kept


@pytest.fixture(scope="session")
def checkout() -> Course:
    """The course that these tests lie in, with its committed notebooks; only to be read."""
    return CHECKOUT


@pytest.fixture(scope="session")
def course(once) -> Course:
    """A copy of the masters, built and released from nothing."""

    def make(root):
        shutil.copy(CHECKOUT.root / "nbgrader_config.py", root)
        shutil.copytree(CHECKOUT.root / "solutions", root / "solutions", ignore=shutil.ignore_patterns(".*"))
        copy = Course(root)
        if (rehearsed := CHECKOUT.build / "rehearsed").is_dir():  # `make assignments` has graded the same solutions
            shutil.copytree(rehearsed, copy.build / "rehearsed")
        for name in copy.assignments():
            build(copy, name)
            release(copy, name)
        return copy

    return once("course", make)
