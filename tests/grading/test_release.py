"""Releases: deterministic, clean, and done only when something changed."""

import nbformat
import pytest

from proctor.course import Course, CourseError
from proctor.gradebook import find_tests
from proctor.master import build
from proctor.release import release
from tests.grading.conftest import command

pytestmark = pytest.mark.slow


def files(course: Course) -> dict:
    """What a release leaves, with times."""
    paths = [path for path in (course.root / "assignments").rglob("*") if path.is_file()]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def test_release(course):
    assert release(course, "tiny")
    first = files(course)
    assert list(first) == [course.released("tiny")]
    notebook = nbformat.read(course.released("tiny"), as_version=4)
    nbformat.validate(notebook)
    text = nbformat.writes(notebook)
    assert "return 2 * x" not in text
    assert "HIDDEN" not in text
    assert "twice -1.5" not in text
    assert "Because halving" not in text
    assert "YOUR ANSWER HERE" in text
    tests = find_tests(course.root / "gradebook.db", "tiny")
    assert "twice -1.5" in tests.sources["test_double"]
    assert tests.points == {"test_double": 2, "test_half": 3, "test_root": 1, "why": 2}

    # again: nothing to do; from nothing: the same bytes
    assert not release(course, "tiny")
    assert files(course) == first
    (course.root / "gradebook.db").unlink()
    assert not release(course, "tiny")
    assert files(course) == first
    assert find_tests(course.root / "gradebook.db", "tiny") == tests
    course.released("tiny").unlink()
    assert release(course, "tiny")
    assert files(course)[course.released("tiny")][0] == first[course.released("tiny")][0]


def test_the_stock_verb_makes_the_same_notebook(course):
    release(course, "tiny")
    ours = course.released("tiny").read_bytes()
    assert command("nbgrader", "generate_assignment", "tiny", "--force", cwd=course.root).returncode == 0
    assert course.released("tiny").read_bytes() == ours


def test_a_changed_test_is_released(course):
    release(course, "tiny")
    master = course.master("tiny")
    old = master.read_text()
    try:
        master.write_text(old.replace("assert double(-1.5) == -3", "assert double(-2.5) == -5"))
        build(course, "tiny")
        assert not release(course, "tiny")  # a hidden test: students see no difference
        assert "double(-2.5)" in find_tests(course.root / "gradebook.db", "tiny").sources["test_double"]
    finally:
        master.write_text(old)
        build(course, "tiny")


def test_nbgraders_refusal_is_one_line(course):
    config = course.root / "nbgrader_config.py"
    old = config.read_text()
    try:
        config.write_text(old + '\nc.ClearSolutions.code_stub = {"cobol": "STOP RUN."}\n')
        with pytest.raises(CourseError, match=r"nbgrader could not release .*tiny\.md: ") as caught:
            release(course, "tiny")
        assert "\n" not in str(caught.value)
    finally:
        config.write_text(old)
