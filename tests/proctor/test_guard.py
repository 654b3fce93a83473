"""Reading nbgrader's command line, and what to say before it runs."""

import sys

import pytest
from traitlets.config import Config

from proctor import guard
from proctor.course import ClassFolder


@pytest.mark.parametrize(
    ("line", "plain", "options"),
    [
        ("tiny", ["tiny"], {}),
        ("tiny --force -f", ["tiny"], {"--force": "", "-f": ""}),
        ("--student bob tiny", ["tiny"], {"--student": "bob"}),
        ("--assignment=tiny --course-dir /x", [], {"--assignment": "tiny", "--course-dir": "/x"}),
        ("--student", [], {"--student": ""}),
    ],
)
def test_command_line(line, plain, options):
    assert guard.sorted_words(line.split()) == (plain, options)


@pytest.mark.parametrize("line", ["nbgrader list", "pytest autograde", "nbgrader autograde", "nbgrader"])
def test_other_commands_are_let_through(course, monkeypatch, line):
    monkeypatch.setattr(sys, "argv", line.split())
    guard.check_command(Config(), course.root)


def test_an_unknown_id_ends_nbgrader(course, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["nbgrader", "autograde", "tny", f"--course-dir={tmp_path}"])
    with pytest.raises(SystemExit, match=r"^nbgrader autograde: there is no assignment `tny` .*did you mean `tiny`\?"):
        guard.check_command(Config(), course.root)


def test_a_database_elsewhere_is_not_looked_for(course, tmp_path):
    folder = ClassFolder(tmp_path)
    (tmp_path / "submitted" / "ann" / "tiny").mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text("c.CourseDirectory.db_url = 'postgresql://...'")
    guard.check_ready(course, folder, "tiny")


def test_absent_notebooks(tmp_path):
    folder = ClassFolder(tmp_path)
    for student, files in {"ann": ["tiny.ipynb"], "bob": ["Tiny.ipynb", "b.ipynb"], "cem": ["tiny.pdf"]}.items():
        for file in files:
            path = tmp_path / "submitted" / student / "tiny" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    assert guard.absent_notebooks(folder, "tiny") == {
        "bob": "no tiny.ipynb in submitted/bob/tiny, but `Tiny.ipynb`, `b.ipynb`: rename it and grade again",
        "cem": "no notebook in submitted/cem/tiny: ask for tiny.ipynb",
    }
