"""What may not leave the house: leaks, and cells that cannot be graded."""

import pytest

from proctor.course import Course
from proctor.inspection import problems, stub
from proctor.master import read_master


def found(course: Course, old: str, new: str) -> list[str]:
    """The problems of the tiny master after an edit."""
    master = course.master("tiny")
    text = master.read_text()
    assert old in text
    master.write_text(text.replace(old, new, 1))
    return problems(read_master(master))


def test_the_tiny_master_is_fine(course):
    assert problems(read_master(course.master("tiny"))) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("grade_id: half", "grade_id: double", "cell `double`: 2 cells have this grade_id"),
        ("grade_id: double", "grade_id: do uble", "cell `do uble`: grade_id must be letters"),
        ("  points: 2\n", "", "cell `test_double`: a graded cell needs points above 0, and has None"),
        ("  grade: true\n  locked: true", "  grade: true", "cell `test_double`: a test cell must be locked"),
        ("  solution: true\n", "  solution: true\n  locked: true\n", "cell `double`: a solution cell must not be"),
        ("  solution: true\n", "", "cell `double`: an answer outside a solution cell would reach students"),
        ("    ### END SOLUTION\n", "", "cell `double`: line 3: BEGIN SOLUTION has no END"),
        ("    ### BEGIN SOLUTION\n", "", "cell `double`: line 4: END SOLUTION without a BEGIN"),
        ("### END HIDDEN TESTS\n", "", "cell `test_double`: line 2: BEGIN HIDDEN TESTS has no END"),
        ("  grade: true\n  locked: true\n  points: 2\n", "  locked: true\n", "hidden tests belong in a cell with"),
        ('    """Twice x."""\n    ### BEGIN SOLUTION\n', '    ### BEGIN SOLUTION\n    """2x"""\n', "`double` whole"),
        ("def double(x: float) -> float:", "### BEGIN SOLUTION\ndef double(x):", "BEGIN SOLUTION inside the one"),
        ("def double(x: float) -> float:", "def double(x: float) -> float", "does not parse"),
        ('"solution": true, "points": 2', '"points": 2', "cell `why`: a graded text cell is an answer to read"),
    ],
)
def test_problems(course, old, new, problem):
    sentences = found(course, old, new)
    assert any(problem in sentence for sentence in sentences), sentences


def test_a_solution_without_markers(course):
    master = course.master("tiny")
    lines = [line for line in master.read_text().splitlines(keepends=True) if "SOLUTION" not in line]
    master.write_text("".join(lines))
    assert "cell `double`: a solution without ### BEGIN SOLUTION is replaced whole" in problems(read_master(master))[0]


def test_helpers_inside_the_answer_are_part_of_it(course):
    inside = "    ### BEGIN SOLUTION\n    def twice(y):\n        return 2 * y\n"
    assert found(course, "    ### BEGIN SOLUTION\n", inside) == []


def test_nothing_graded(course):
    master = course.master("tiny")
    master.write_text("# Only text\n")
    assert problems(read_master(master)) == [
        "no cell is graded: give the test cells `grade: true`, `locked: true` and `points`"
    ]


def test_stub():
    source = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
    assert stub(source) == "def f():\n    raise NotImplementedError()"
