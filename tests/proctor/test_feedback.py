"""A student reads advice, not hidden tests or what they are called with."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from proctor.feedback import FeedbackExporter, HideTests, hidden_lines

SOURCE = """assert f(1) == 1, "look"
### BEGIN HIDDEN TESTS
secret = 42
assert f(secret) == 43, "advice"
### END HIDDEN TESTS
last = 3
### BEGIN HIDDEN TESTS
other_secret = 7"""


def page(failed=None, error=("AssertionError", "advice"), source=SOURCE, prints="", solution=False, **options):
    """The text of a graded cell in the feedback: source, error message, traceback and the rest."""
    cell = new_code_cell(
        source, metadata={"nbgrader": {"grade": True, "solution": solution, "locked": not solution, "points": 1}}
    )
    cell.metadata["proctor"] = {"failed": failed, "prints": prints}
    if error:
        lines = ["secret = 42", f"{error[0]}: {error[1]}"]
        cell.outputs = [new_output("error", ename=error[0], evalue=error[1], traceback=lines)]
    nb, _ = HideTests(**options).preprocess(new_notebook(cells=[cell]), {})
    shown = nb.cells[0]
    said = [line for one in shown.outputs for line in [one.get("evalue", ""), *one.get("traceback", [one.get("text")])]]
    return "\n".join([shown.source, *said])


def test_hidden_lines():
    assert hidden_lines(SOURCE.splitlines()) == {2, 3, 4, 5, 7, 8}
    assert hidden_lines(["a", "b"]) == set()


def test_an_assertion_keeps_its_message():
    text = page({"line": 4, "from_student": False})
    assert "42" not in text
    assert "secret" not in text
    assert "in a hidden test" in text
    assert "AssertionError: advice" in text
    assert text.count("# (hidden tests)") == 2
    assert 'assert f(1) == 1, "look"' in text
    assert "last = 3" in text


def test_the_student_code_cannot_say_what_it_was_called_with():
    failed = {"line": 4, "from_student": True, "student_frames": ["function `f`, line 3"]}
    text = page(failed, ("ValueError", "called with 42"), prints="42")
    assert "42" not in text
    assert "ValueError: raised by your code; function `f`, line 3" in text


def test_an_error_in_the_open_is_told_whole():
    failed = {"line": 1, "from_student": True}
    text = page(failed, ("ValueError", "negative"))
    assert 'line 1: assert f(1) == 1, "look"' in text
    assert "ValueError: negative" in text
    assert "secret" not in text


@pytest.mark.parametrize("failed", [None, {}, {"line": None}, {"line": 99}])
def test_where_the_line_is_not_known_nothing_is_shown(failed):
    assert "42" not in page(failed)


def test_what_the_grading_says_stays():
    text = page(None, ("CellTimeoutError", "ran longer than 3 s and was interrupted"))
    assert "ran longer than 3 s" in text
    assert "hidden test\n" not in text


@pytest.mark.parametrize("source", [SOURCE, "assert f(1) == 1"])
def test_a_broken_test_is_no_fault_of_the_student(source):
    """Neither what it gave, which may be made of hidden inputs, nor advice for its author."""
    cell = new_code_cell(source, metadata={"nbgrader": {"grade": True, "solution": False, "locked": True, "points": 1}})
    cell.metadata["proctor"] = {"broken": "gave Guess(42), which is no int or float"}
    shown = [
        new_output("display_data", {"text/plain": "Guess(42)"}),
        new_output("error", ename="BrokenTest", evalue="this test gave Guess(42)", traceback=["Guess(42)"]),
    ]
    cell.outputs = shown
    nb, _ = HideTests().preprocess(new_notebook(cells=[cell]), {})
    (said,) = nb.cells[0].outputs
    assert "no fault of yours; a person decides" in said.evalue
    assert "42" not in str(said)
    cell.outputs = shown
    nb, _ = HideTests(show_tests=True).preprocess(new_notebook(cells=[cell]), {})
    assert nb.cells[0].outputs == shown


def test_other_cells_stay():
    assert "secret = 42" in page(source="assert f(1) == 1")
    assert "secret = 42" in page(solution=True)


def test_an_instructor_may_show_all_of_it():
    assert "secret = 42" in page({"line": 4}, show_tests=True)
    assert "your code printed:\n42" in page(None, None, prints="42", show_prints=True)
    assert "42" not in page(None, None, prints="42")


def test_what_the_code_was_called_with_cannot_be_printed_later():
    first, test, later = new_code_cell("print(1)"), new_code_cell(SOURCE), new_code_cell("print(seen)")
    test.metadata["nbgrader"] = {"grade": True, "locked": True, "points": 1}
    for cell, text in ((first, "1"), (later, "42")):
        cell.outputs = [new_output("stream", name="stdout", text=text)]
    failing = new_code_cell("raise E", outputs=[new_output("error", ename="E", evalue="42", traceback=["42"])])
    nb, _ = HideTests().preprocess(new_notebook(cells=[first, test, later, failing]), {})
    assert [one.text for one in nb.cells[0].outputs] == ["1"]
    assert "42" not in str([cell.outputs for cell in nb.cells])
    assert nb.cells[3].outputs[0].text == "E\n"


@pytest.mark.parametrize("text", ["![](attachment:gone.png)", "[a](attachment:x y.png)", "$x$ <b>", "plain"])
def test_text_that_cannot_be_rendered_is_shown_raw(text):
    notebook = new_notebook(cells=[new_markdown_cell(text), new_code_cell("1 + 1")])
    page, _ = FeedbackExporter(template_name="basic").from_notebook_node(notebook)
    assert "1 + 1" in re.sub("<[^>]*>", "", page)
    assert "gone.png" in page or "gone" not in text
