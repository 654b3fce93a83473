"""nbgrader copies ordinary files only."""

import os

from nbgrader.converters import base

from proctor import beside


def test_links_pipes_and_giants_are_passed_over(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    for name in ("data.csv", "sub/own.py", "notes.ipynb"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "folder").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    found = beside.ordinary_files(str(tmp_path), ["*.ipynb"])
    assert sorted(found) == [str(tmp_path / "data.csv"), str(tmp_path / "sub" / "own.py")]
    monkeypatch.setattr(beside, "LARGEST", 8)
    assert beside.ordinary_files(str(tmp_path), ["*.ipynb"]) == [str(tmp_path / "data.csv")]


def test_nbgrader_uses_it(monkeypatch):
    monkeypatch.setattr(base, "find_all_files", base.find_all_files)
    beside.copy_ordinary_files_only()
    assert base.find_all_files is beside.ordinary_files
