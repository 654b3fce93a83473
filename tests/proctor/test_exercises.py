"""Which graded cell belongs to which exercise."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from proctor.exercises import defined, exercise_of, functions


@pytest.mark.parametrize(
    ("test", "exercise"),
    [("test_unpool", "unpool"), ("test_unpool_sums", "unpool_sums"), ("test_unpool_sums_grad", "unpool_sums"),
     ("test_unpool_shape", "unpool"), ("test_unpooling", None), ("unpool", None)],
)  # fmt: skip
def test_exercise_of(test, exercise):
    assert exercise_of(test, ["unpool", "unpool_sums"]) == exercise


def test_functions_are_the_last_of_their_cells():
    def cell(source, **meta):
        return new_code_cell(source, metadata={"nbgrader": {"grade_id": "a", "solution": True, **meta}})

    assert functions(new_notebook(cells=[cell("def f(): pass\ndef g(): pass")])) == {"a": "g"}
    assert functions(new_notebook(cells=[cell("x = 1"), cell("def f(): pass", grade=True)])) == {}


def test_defined_of_no_python():
    assert defined("def f(:") == []
