"""The class table: student, score, what happened, and where to look."""

import os
import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from proctor.course import shown

PIPE_WIDTH = 110  # columns where nobody says how wide the page is


def print_table(assignment: str, folder, rows: list, graded: int, seconds: float) -> None:
    """Print what became of a class.

    Args:
        assignment: the id.
        folder: the `ClassFolder`.
        rows: `grade.Row`, one a student.
        graded: how many were graded this time.
        seconds: how long that took.
    """
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPE_WIDTH)
    table = Table(title=f"{assignment}: {len(rows)} submissions", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("student", overflow="fold", ratio=None, max_width=24)
    table.add_column("score", no_wrap=True, justify="right")
    table.add_column("what happened", overflow="fold", ratio=1)
    for row in rows:
        table.add_row(escape(row.student), points(row.score), escape(row.what))
    console.print(table)
    if graded:
        console.print(f"graded {graded} in {seconds:.1f} s, {seconds / graded:.1f} s a submission", highlight=False)
    else:
        console.print("nothing new to grade", highlight=False)
    for what, path in places(assignment, folder):
        print(f"  {what:<11}{path}")


def print_bank(assignment: str, verdicts: list, seconds: float) -> None:
    """Print what the tests of an assignment make of each answer of its bank.

    Args:
        assignment: the id.
        verdicts: `mutants.Verdict`, one an answer, by exercise.
        seconds: how long that took.
    """
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPE_WIDTH)
    table = Table(title=f"{assignment}: {len(verdicts)} answers", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("exercise", "answer", "points", "verdict"):
        table.add_column(name, no_wrap=True, justify="right" if name == "points" else "left")
    table.add_column("why", overflow="fold", ratio=1)
    last = None
    for one in verdicts:
        if last not in (None, one.exercise):
            table.add_section()
        verdict = "as expected" if one.as_expected else "[bold red]NOT AS EXPECTED[/bold red]"
        given = f"{one.score:g} / {one.max_score:g}"
        name = escape(f"{one.expected}/{one.file.stem}")
        table.add_row("" if one.exercise == last else escape(one.exercise), name, given, verdict, escape(one.reason))
        last = one.exercise
    console.print(table)
    wrong = sum(not one.as_expected for one in verdicts)
    found = f"{wrong} not as expected" if wrong else "all as expected"
    console.print(f"{len(verdicts)} answers graded in {seconds:.1f} s: {found}", highlight=False)


def points(score) -> str:
    """A score as text, with the points that wait for a person."""
    if score is None:
        return "none"
    waiting = f" + {score.by_hand:g} by hand" if score.by_hand else ""
    return f"{score.score:g} / {score.max_score:g}{waiting}"


def places(assignment: str, folder) -> list[tuple[str, str]]:
    """What to open next."""
    here, tools = shown(folder.root), str(Path(sys.executable).parent)
    tools = min(tools, os.path.relpath(tools, folder.root), key=len)
    go = "" if here == "." else f"cd {here} && "
    return [
        ("feedback", f"{shown(folder.root / 'feedback')}/<student>/{assignment}/{assignment}.html"),
        ("gradebook", shown(folder.gradebook)),
        ("by hand", f"{go}{tools}/jupyter lab   (menu Nbgrader, Formgrader)"),
        ("export", f"{go}{tools}/nbgrader export"),
    ]
