"""The class table stays readable: in a pipe, on a narrow terminal, with odd names."""

from pathlib import Path

from rich.console import Console

from proctor import table
from proctor.course import ClassFolder
from proctor.grade import Row
from proctor.gradebook import Score
from proctor.mutants import Verdict

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


def test_a_bank(capsys):
    """Every column is legible, whatever the reason's length."""
    verdicts = [
        Verdict(Path("bank/half/wrong/divides_whole_numbers.py"), "half", "wrong", 0, 3, "test_half: " + "x " * 200),
        Verdict(Path("bank/half/right/times.py"), "half", "right", 0, 3, "[red]"),
    ]
    table.print_bank("tiny", verdicts, 2.5)
    printed = capsys.readouterr().out
    for text in ("wrong/divides_whole_numbers", "as expected", "0 / 3", "NOT AS EXPECTED", "[red]"):
        assert text in printed
    assert "2 answers graded in 2.5 s: 1 not as expected" in printed
