"""nbgrader copies ordinary files only."""

import os
from types import SimpleNamespace

import pytest
from nbgrader.converters import Autograde, GenerateFeedback, base
from nbgrader.coursedir import CourseDirectory

from proctor import beside


def test_links_pipes_and_giants_are_passed_over(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    for name in ("data.csv", "sub/own.py", "notes.ipynb"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "folder").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    with open(os.fsencode(tmp_path) + b"/no text \xff", "w"):
        pass
    found = beside.ordinary_files(str(tmp_path), ["*.ipynb"])
    assert sorted(found) == [str(tmp_path / "data.csv"), str(tmp_path / "sub" / "own.py")]
    monkeypatch.setattr(beside, "LARGEST", 8)
    assert beside.ordinary_files(str(tmp_path), ["*.ipynb"]) == [str(tmp_path / "data.csv")]


def test_a_linked_folder_is_empty(tmp_path):
    (tmp_path / "ann" / "ps1").mkdir(parents=True)
    (tmp_path / "ann" / "ps1" / "ps1.ipynb").write_text("{}")
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "ps1").symlink_to(tmp_path / "ann" / "ps1")
    (tmp_path / "eve").symlink_to(tmp_path / "ann")
    assert not beside.linked(tmp_path / "ann" / "ps1" / "ps1.ipynb")
    assert beside.ordinary_files(str(tmp_path / "ann" / "ps1"))
    for student in ("bob", "eve"):
        assert beside.linked(tmp_path / student / "ps1" / "ps1.ipynb")
        assert beside.ordinary_files(str(tmp_path / student / "ps1")) == []


@pytest.fixture
def nbgrader(monkeypatch):
    """nbgrader with the changes, until the test ends."""
    monkeypatch.setattr(base, "find_all_files", base.find_all_files)
    monkeypatch.setattr(Autograde, "init_notebooks", Autograde.init_notebooks)
    monkeypatch.setattr(CourseDirectory, "get_existing_timestamp", CourseDirectory.get_existing_timestamp)
    beside.trust_nothing_beside()
    beside.trust_nothing_beside()


def test_nbgrader_uses_it(nbgrader):
    assert base.find_all_files is beside.ordinary_files
    assert Autograde.init_notebooks is beside.find_own_notebooks
    assert GenerateFeedback.init_notebooks is base.BaseConverter.init_notebooks


def test_nbgrader_finds_each_folders_own_notebooks(nbgrader, tmp_path):
    for student in ("[ab]*", "ab"):
        (tmp_path / "submitted" / student / "ps1").mkdir(parents=True)
        (tmp_path / "submitted" / student / "ps1" / f"{len(student)}.ipynb").write_text("{}")
    converter = Autograde(coursedir=CourseDirectory(root=str(tmp_path), assignment_id="ps1"))
    converter.init_notebooks()
    folders = {size: str(tmp_path / "submitted" / student / "ps1") for size, student in ((2, "ab"), (5, "[ab]*"))}
    assert converter.assignments == {folder: [f"{folder}/{size}.ipynb"] for size, folder in folders.items()}


@pytest.mark.parametrize(
    ("content", "year"), [(b"2026-11-24 08:00:00 UTC", 2026), (b"", None), (b"\xff", None), (b"99999-13-45 Mars", None)]
)
def test_dates(nbgrader, tmp_path, content, year):
    (tmp_path / "timestamp.txt").write_bytes(content)
    found = CourseDirectory().get_existing_timestamp(str(tmp_path))
    assert (found and found.year) == year
    assert CourseDirectory().get_existing_timestamp(str(tmp_path / "nowhere")) is None


def test_a_folder_is_no_pattern(tmp_path):
    for student in ("[ab]*", "ab", "c"):
        (tmp_path / student / "ps1").mkdir(parents=True)
        (tmp_path / student / "ps1" / "ps1.ipynb").write_text("{}")
    (tmp_path / "empty" / "ps1").mkdir(parents=True)
    folders = {student: str(tmp_path / student / "ps1") for student in ("[ab]*", "ab", "c")}
    other = os.path.join(folders["ab"], "ps1.ipynb")
    converter = SimpleNamespace(
        coursedir=SimpleNamespace(notebook_id="*", assignment_id="ps1", student_id="*"),
        _format_source=lambda assignment, student: str(tmp_path / student / assignment),
        assignments={folders["[ab]*"]: [other], folders["ab"]: [other]},
    )
    beside.own_notebooks(converter)
    assert converter.assignments == {folder: [os.path.join(folder, "ps1.ipynb")] for folder in folders.values()}
