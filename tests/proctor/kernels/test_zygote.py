"""Forks are ready, apart from each other, and gone when asked."""

import json
import os
import sys

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from proctor.kernels.memory import collapse
from proctor.kernels.zygote import KernelLost, Zygote
from proctor.running.job import Job, Limits
from proctor.running.notebook import run_notebook
from tests.proctor.loops import run as in_a_thread

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks of a zygote need Linux")


@pytest.fixture(scope="module")
def zygote():
    """One with numpy."""
    found = Zygote(("numpy",))
    yield found
    found.stop()
    assert found.process.returncode is not None


def ran(zygote, *sources, **limits):
    """The outputs of cells, as text."""
    notebook = new_notebook(cells=[new_code_cell(source, id=f"c{number}") for number, source in enumerate(sources)])
    job = Job(json.dumps(notebook), limits=Limits(grace=1, **limits), sandbox="preferred")
    cells = in_a_thread(run_notebook(job, zygote)).cells
    return [told(cell.outputs) for cell in cells]


def told(outputs) -> str:
    """What a cell printed or showed, or else the names of its errors."""
    shown = "".join(one.get("text") or str(one.get("data", "")) for one in outputs)
    return shown or "".join(one.ename for one in outputs)


def test_what_a_course_names_is_there_before_a_notebook_starts(tmp_path, monkeypatch):
    (tmp_path / "course_library.py").write_text("ready = []\ndef warm_up(): ready.append('called once')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    fresh = Zygote(("course_library:warm_up", "not_installed:warm_up", "not_installed"))
    asks = "import sys\nprint(sys.modules['course_library'].ready, 'not_installed' in sys.modules)"
    try:
        assert ran(fresh, asks) == ["['called once'] False\n"]
    finally:
        fresh.stop()


def test_random_numbers_are_the_same_each_time_and_those_of_nobody_else(zygote):
    cells = ["import random, numpy", "print(random.random(), numpy.random.rand())"]
    first, again, other = ran(zygote, *cells)[1], ran(zygote, *cells)[1], ran(zygote, *cells, "1")[1]
    assert first == again != other


def test_nothing_of_the_callers_environment_is_there(zygote, monkeypatch):
    monkeypatch.setenv("PASSWORD", "secret")
    fresh = Zygote(())
    try:
        (text,) = ran(fresh, "import os\nprint(dict(os.environ), open('/proc/self/environ').read())")
    finally:
        fresh.stop()
    assert "secret" not in text
    assert "NBGRADER_EXECUTION" in text


@pytest.mark.parametrize(
    ("source", "ename"),
    [
        ("import os\nos._exit(3)", "KernelDied"),
        ("while True: pass", "CellTimeoutError"),
        ("import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass", "CellTimeoutError"),
        ("1 / 0", "ZeroDivisionError"),
        ("def f(:", "SyntaxError"),
    ],
)
def test_how_a_cell_ends(zygote, source, ename):
    lost = ename == "KernelDied" or "except" in source
    assert ran(zygote, "print(1)", source, "print(2)", timeout=1) == ["1\n", ename, "NotRun" if lost else "2\n"]


def test_the_time_of_a_notebook_ends(zygote):
    found = ran(zygote, "while True: pass", "while True: pass", "1", total=1.5, timeout=1)
    assert found[-1] == "NotRun"


def test_a_server_that_is_gone_is_told():
    fresh = Zygote(())
    fresh.process.kill()
    fresh.process.wait()
    with pytest.raises(KernelLost):
        in_a_thread(fresh.fork({"role": "tester"}))
    fresh.stop()
    assert ran(fresh, "1") == ["KernelDied"]


def test_large_pages_change_nothing():
    before = json.dumps(list(range(10_000)))
    assert collapse() >= 0
    assert json.dumps(list(range(10_000))) == before
    assert os.getpid() > 0
