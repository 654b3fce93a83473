"""The round trip that everything rests on: MyST master -> notebook -> MyST -> notebook."""

import jupytext
import nbformat
import pytest

from proctor.course import CourseError
from proctor.master import build, read_master


def test_round_trip_keeps_cells_metadata_and_ids(course, tmp_path):
    first = read_master(course.master("tiny"))
    (tmp_path / "again.md").write_text(jupytext.writes(first, fmt="md:myst"))
    second = read_master(tmp_path / "again.md")
    assert second == first
    assert [cell.metadata for cell in second.cells] == [cell.metadata for cell in first.cells]
    assert [cell.id for cell in second.cells] == [cell.id for cell in first.cells]


def test_round_trip_through_a_saved_notebook(course, tmp_path):
    build(course, "tiny")
    notebook = nbformat.read(course.built("tiny"), as_version=4)
    (tmp_path / "again.md").write_text(jupytext.writes(notebook, fmt="md:myst"))
    assert read_master(tmp_path / "again.md") == notebook


def test_ids_come_from_grade_ids_and_are_valid(course):
    notebook = read_master(course.master("tiny"))
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert {"double", "test_double", "why"} <= set(ids)


def test_ids_stay_when_cells_are_inserted(course):
    before = {cell.source: cell.id for cell in read_master(course.master("tiny")).cells}
    master = course.master("tiny")
    master.write_text(master.read_text().replace("# A tiny", "Hello.\n\n+++\n\nHello.\n\n+++\n\n# A tiny"))
    after = read_master(master).cells
    assert len({cell.id for cell in after}) == len(after) == len(before) + 2
    assert all(before[cell.source] == cell.id for cell in after if cell.source in before)


def test_builds_a_clean_notebook(course):
    assert build(course, "tiny")
    notebook = nbformat.read(course.built("tiny"), as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    test = next(cell for cell in notebook.cells if cell.id == "test_double")
    assert test.metadata.nbgrader == {
        "grade": True,
        "grade_id": "test_double",
        "locked": True,
        "points": 2,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }


def test_building_again_changes_nothing(course):
    build(course, "tiny")
    path = course.built("tiny")
    content, time = path.read_bytes(), path.stat().st_mtime_ns
    assert not build(course, "tiny")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, time)
    path.unlink()
    assert build(course, "tiny")
    assert path.read_bytes() == content


def test_a_bad_master_is_not_built(course):
    master = course.master("tiny")
    master.write_text(master.read_text().replace("points: 2", "points: 0"))
    with pytest.raises(CourseError, match=r"^solutions/tiny/tiny\.md: cell `test_double`: .*points above 0"):
        build(course, "tiny")
    assert not course.built("tiny").exists()


def test_not_a_notebook(course):
    course.master("tiny").write_text("```{code-cell}\n---\n[nbgrader: {\n---\n1\n```\n")
    with pytest.raises(CourseError, match=r"tiny\.md is not a MyST notebook: ") as caught:
        build(course, "tiny")
    assert "\n" not in str(caught.value)
