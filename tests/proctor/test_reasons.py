"""One clause a submission: what happened."""

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from proctor.reasons import broken_tests, note, reason
from proctor.running.outputs import KILLED, NOT_RUN, TIMED_OUT, error

TESTS = NotebookNode(
    sources={"f": "def f(x):\n    raise NotImplementedError()", "test_f": "assert f(1)"}, solutions=["f"]
)


def say(tmp_path, answer="def f(x): return 1", outputs=(), own_outputs=(), complete=True, **noted):
    """The reason for a notebook with one exercise."""
    solution = new_code_cell(answer, metadata={"nbgrader": {"grade_id": "f", "solution": True}})
    solution.outputs = list(own_outputs)
    test = new_code_cell("assert f(1)", metadata={"nbgrader": {"grade_id": "test_f", "grade": True, "locked": True}})
    test.outputs = list(outputs)
    notebook = new_notebook(cells=[solution, test], metadata={"proctor": {"timeout": 20, **noted}})
    nbformat.write(notebook, tmp_path / "tiny.ipynb")
    return reason(tmp_path / "tiny.ipynb", TESTS, complete)


@pytest.mark.parametrize(
    ("outputs", "sentence"),
    [
        ([], "all tests pass"),
        ([error("AssertionError", "\x1b[31mtwice\n 2\x1b[0m")], "fails: f (AssertionError: twice 2)"),
        ([error("AssertionError", "{x}")], "fails: f (AssertionError: {x})"),
        ([error("AssertionError", "")], "fails: f (AssertionError)"),
        ([error("ValueError", "x" * 200)], f"fails: f (ValueError: {'x' * 87}...)"),
        ([error("NameError", "name 'g' is not defined")], "fails: f (NameError: name 'g' is not defined)"),
        ([error(TIMED_OUT, "")], "ran over 20 s in `test_f`"),
        ([error(KILLED, "")], "killed its kernel in `test_f`"),
        ([error(NOT_RUN, "")], "all tests pass"),
        ([new_output("stream", name="stderr", text="hm\n")], "fails: f (printed on stderr: hm)"),
    ],
)
def test_what_the_test_cell_shows(tmp_path, outputs, sentence):
    assert say(tmp_path, outputs=outputs) == sentence


def test_renamed(tmp_path):
    outputs = [error("NameError", "name 'f' is not defined")]
    assert say(tmp_path, "def my_f(x): return 1", outputs) == "`f` is not defined: renamed?"


def test_a_broken_test_is_nobodys_failure(tmp_path):
    cell = new_code_cell("assert f(1)\n'3'", metadata={"nbgrader": {"grade_id": "test_f", "grade": True}})
    cell.metadata["proctor"] = {"broken": "gave '3' (str)"}
    cell.outputs = [error("BrokenTest", "this test gave '3' (str)")]
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "tiny.ipynb")
    assert reason(tmp_path / "tiny.ipynb", TESTS, True) == "look at the broken test `test_f`: it gave '3' (str)"
    assert broken_tests(tmp_path / "tiny.ipynb") == {"test_f": "gave '3' (str)"}


def test_untouched(tmp_path):
    assert say(tmp_path, TESTS.sources["f"], [error("NotImplementedError", "")]) == (
        "stub untouched in 1 of 1 exercises"
    )


def test_syntax_error(tmp_path):
    outputs, own = [error("NameError", "name 'f' is not defined")], [error("SyntaxError", "expected ':'")]
    assert say(tmp_path, "def f(x)", outputs, own) == "syntax error in cell `f`"


def test_notes_of_grading(tmp_path):
    assert say(tmp_path, put_back=["test_f"]) == "test cell `test_f` was deleted; put back"
    assert say(tmp_path, unreadable="not JSON") == "not a notebook (not JSON): ask for it again"
    assert say(tmp_path, complete=False) == "partial credit: see the feedback"


def test_no_note(tmp_path):
    (tmp_path / "no.ipynb").write_text("{")
    assert note(tmp_path / "no.ipynb") == note(tmp_path / "missing.ipynb") == {}
