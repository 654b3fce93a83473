"""The class table stays readable: in a pipe, on a narrow terminal, with odd names."""

from rich.console import Console

from proctor import table
from proctor.course import ClassFolder
from proctor.grade import Row
from proctor.gradebook import Score

ROWS = [
    Row("ann", Score(6, 8, 2), "all tests pass", True),
    Row("[red]joe", Score(2.5, 8), "fails: half (AssertionError: [1, 2] is not [1, 3])", True),
    Row("a-name-far-longer-than-any-column-can-be", None, "not graded yet", False),
]


def test_a_pipe(capsys, tmp_path):
    table.print_table("tiny", ClassFolder(tmp_path), ROWS, 3, 6.0)
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "6 / 8 + 2 by hand" in printed
    assert "[red]joe" in printed
    assert "2.5 / 8   fails: half (AssertionError: [1, 2] is not [1, 3])" in printed
    assert "graded 3 in 6.0 s, 2.0 s a submission" in printed
    assert f"{tmp_path}/feedback/<student>/tiny/tiny.html" in printed


def test_a_narrow_terminal(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(table, "Console", lambda file, width: Console(file=file, width=50))
    table.print_table("tiny", ClassFolder(tmp_path), ROWS, 0, 0.0)
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines[:-4]) <= 50
    assert any("2.5 / 8" in line for line in lines)
    assert "nothing new to grade" in lines
