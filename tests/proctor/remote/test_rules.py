"""`without` where the student's code runs in a process of its own."""

import sys

import pytest
import torch

from proctor import rules
from proctor.remote import session
from proctor.rules import RuleBroken, source_of, student_source, without
from tests.proctor.test_rules import LIBRARY, RIGHT_ANSWERS, RULE, SETUP, TEST, WAYS_AROUND


class Shell:
    """Stands in for the test's notebook: its history ends with the running cell."""

    def __init__(self):
        self.user_ns = {"In": ["", ""]}


@pytest.fixture
def notebook(student, monkeypatch):
    """Run some cells of a student's and then a cell with a test; gives the test's error."""
    shell = Shell()
    monkeypatch.setitem(sys.modules, "IPython", type("IPython", (), {"get_ipython": lambda: shell}))
    monkeypatch.setattr(session, "python_of", lambda cell: cell)

    def run(test, *cells):
        names = student("\n".join(cells)).names("stamp", cells=list(cells))
        shell.user_ns["In"][-1] = test
        try:
            exec(test, {"torch": torch, "without": without, **names})
        except Exception as error:
            return error
        return None

    return run


@pytest.mark.parametrize("way", WAYS_AROUND)
def test_there_is_no_way_around(notebook, way):
    error = notebook(TEST.format(names=RULE), SETUP, LIBRARY, WAYS_AROUND[way])
    assert type(error) is RuleBroken, error
    assert "this exercise asks for your own code" in str(error)


@pytest.mark.parametrize("answer", RIGHT_ANSWERS)
def test_right_answers_pass(notebook, answer):
    assert notebook(TEST.format(names=RULE), SETUP, RIGHT_ANSWERS[answer]) is None


def test_the_test_s_own_calls_are_free(notebook):
    test = (
        "with without('conv_transpose2d'):\n    torch.conv_transpose2d(torch.ones(1, 1, 1, 1), torch.ones(1, 1, 1, 1))"
    )
    assert notebook(test + "\n    stamp(1)", "def stamp(x): return x") is None


def test_after_the_block_nothing_is_watched(notebook):
    test = "x = torch.ones(1, 1, 1, 1)\nwith without('fold'): pass\nstamp(x)"
    assert (
        notebook(test, "import torch\ndef stamp(x): return torch.nn.functional.fold(torch.ones(1, 4, 4), 3, 2)") is None
    )


def test_a_failing_assertion_inside_stays_itself(notebook):
    error = notebook("with without('fold'):\n    assert stamp(1) == 2, 'half'", "def stamp(x): return x")
    assert str(error) == "half"


def test_sources(notebook):
    notebook(
        "pass", "x = 1", "@staticmethod\ndef stamp(x):\n    return x", "def stamp(x):\n    return 2", "class A: pass"
    )
    assert student_source().startswith("x = 1\n@staticmethod")
    assert source_of("stamp") == "def stamp(x):\n    return 2"
    assert source_of("A") == "class A: pass"
    with pytest.raises(AssertionError, match="a function or class `lost` in your cells, found none"):
        source_of("lost")
    with pytest.raises(LookupError):
        source_of("x")


def test_sources_in_one_process(monkeypatch):
    shell = Shell()
    shell.user_ns["In"] = ["", "@property\ndef f(x):\n    return x", "source_of('f')"]
    monkeypatch.setitem(sys.modules, "IPython", type("IPython", (), {"get_ipython": lambda: shell}))
    monkeypatch.setattr(session.Current, "dialogue", None)
    assert source_of("f") == "@property\ndef f(x):\n    return x"
    assert student_source() == "\n@property\ndef f(x):\n    return x"
    assert rules.remote() is None
