"""Points come from plain numbers alone: in an IPython kernel too, where only what was printed of a value is known."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.utils import determine_grade

from proctor.kernels.results import value_of
from proctor.running.credit import BROKEN, broken, fault, settle, settle_printed, value_printed
from proctor.running.in_process import ExecuteInOneProcess
from proctor.running.outputs import error

NUMBERS = {"0": 0, "2": 2, "2.5": 2.5, "1e-05": 1e-05, "3.0": 3, "-0.0": 0}
OTHERS = [
    *("-1", "4", "nan", "inf", "-inf", "1e400", "9" * 400, "True", "False", "'3'", '"3"', "[3]", "(3,)", "{3}", "1_0"),
    *("0x2", "tensor(3)", "np.float64(0.0)", "np.int64(2)", "Decimal('2')", "Fraction(1, 2)", "array([3])", "3\n4"),
    *("3 points", "٣", "", "1j", "0    3\ndtype: int64"),
]


def checked(outputs=(), points=3.0, **flags):
    """A test that ran."""
    meta = {"grade_id": "t", "grade": True, "solution": False, "locked": True, "points": points, **flags}
    return new_code_cell("f()", metadata={"nbgrader": meta}, outputs=list(outputs))


def result(text):
    """What a kernel says of a value."""
    return new_output("execute_result", {"text/plain": text}, execution_count=1)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_printed_number(text):
    cell = checked([result(text)])
    settle_printed(cell)
    assert determine_grade(cell) == (NUMBERS[text], 3)
    assert broken(cell) is None
    nbformat.validate(new_notebook(cells=[cell]))
    settle_printed(cell)  # again: nothing changes
    assert determine_grade(cell) == (NUMBERS[text], 3)


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_printed_and_no_number_of_points(text):
    cell = checked([result(text)])
    settle_printed(cell)
    assert broken(cell).startswith("gave ")
    assert "from 0 to 3: " in broken(cell)
    assert cell.outputs[-1].ename == BROKEN
    assert determine_grade(cell)[0] == 0  # of whoever reads the outputs without the note: never all the points
    nbformat.validate(new_notebook(cells=[cell]))


def test_no_text_at_all():
    for data in ({"text/html": "<b>3</b>"}, {}, {"text/plain": ["a", "b"]}):
        cell = checked([new_output("execute_result", data, execution_count=1)])
        settle_printed(cell)
        assert broken(cell)
    assert value_printed({"text/plain": ["2", ".5"]})["number"] == 2.5


def test_what_is_displayed_or_printed_is_no_value():
    cell = checked([new_output("display_data", {"text/plain": "1"}), new_output("stream", text="2")])
    settle_printed(cell)
    assert determine_grade(cell) == (3, 3)
    assert not broken(cell)


def test_a_failure_decides_whatever_came_before():
    cell = checked([result("3"), error("AssertionError", "no")])
    assert determine_grade(cell) == (3, 3)  # what nbgrader makes of it
    settle_printed(cell)
    assert determine_grade(cell) == (0, 3)
    assert broken(cell) is None


def test_two_values_are_none():
    cell = checked([result("1"), result("2")])
    settle_printed(cell)
    assert broken(cell) == "gave 2 values, 1 first: end in one int or float from 0 to 3"


@pytest.mark.parametrize(("value", "fine"), [(0, True), (-0.0, True), (0.0, True), (1e-9, False), (1, False)])
def test_no_points(value, fine):
    cell = checked(points=0)
    settle(cell, [value_of(value)])
    assert (broken(cell) is None) == fine
    assert not fine or determine_grade(cell) == (0, 0)


def test_the_edges():
    assert fault([value_of(2.5)], 2.5) is None
    assert "which is not from 0 to 2.5" in fault([value_of(2.5000000001)], 2.5)
    assert fault([], 2.5) is None
    assert "could forge it" in fault([value_of(1)], 2.5, inside=True)
    assert fault([], 2.5, inside=True) is None


def checkeds_that_are_no_tests_are_left_alone():
    for flags in ({"grade": False}, {"solution": True}):
        cell = checked([result("'a'")], **flags)
        settle_printed(cell)
        assert cell.outputs == [result("'a'")]


SOURCES = {
    "import numpy as np\nnp.float64(0.0)": None,
    "False": None,
    "'3'": None,
    "-1": None,
    "class A:\n    def _repr_html_(self): return '2'\nA()": None,
    "get_ipython().ast_node_interactivity = 'all'": 3,
    "1\n2": None,
    "2\nassert False": 0,
    "get_ipython().ast_node_interactivity = 'last_expr'": 3,
    "2;": 3,
    "print(2)": 3,
    "None": 3,
    "2.5": 2.5,
}


def test_in_one_process():
    """The way for machines without Linux: an IPython kernel, and whatever its cells print."""
    notebook = new_notebook(cells=[checked() for _ in SOURCES])
    for cell, source in zip(notebook.cells, SOURCES, strict=True):
        cell.source = source
    ExecuteInOneProcess(timeout=3600, startup_timeout=1200, kernel_name="python3").preprocess(
        notebook, {"metadata": {"path": "."}}
    )
    found = {one.source: None if broken(one) else determine_grade(one)[0] for one in notebook.cells}
    assert found == SOURCES
    nbformat.validate(notebook)
