"""A progress line fed by nbgrader's log."""

import re
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """Students done, time passed, time left; in a pipe, a plain line a student.

    Args:
        title: what is going on.
        students: who is being graded.
    """

    START = re.compile(r"\| INFO\] Sanitizing .*[/\\](?P<student>[^/\\]+)[/\\][^/\\]+[/\\][^/\\]+\.ipynb$")
    DONE = "Setting destination file permissions"
    FAILED = "| ERROR] There was an error processing assignment: "

    def __init__(self, title: str, students: list[str]) -> None:
        self.total = len(students)
        self.done = 0
        self.current = ""
        self.finished = False
        console = Console(stderr=True)
        self.plain = not console.is_terminal
        self.bar = Bar(
            TextColumn(title),
            BarColumn(20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
            disable=self.plain,
        )
        self.task = self.bar.add_task("", total=self.total)

    def __enter__(self) -> "Progress":
        self.bar.start()
        return self

    def __exit__(self, *exception) -> None:
        if exception[0] is None:
            self.count()
        self.bar.stop()

    def listen(self, line: str) -> None:
        """Take in a line of the log.

        A student counts as done with the line after the last one about them: interrupted before, nbgrader takes
        their notebook back.
        """
        self.count()
        if match := self.START.search(line):
            self.current = match["student"]
            self.bar.update(self.task, description=self.current)
        self.finished = self.DONE in line or self.FAILED in line

    def count(self) -> None:
        """Count the student whose last line has been seen, if there is one."""
        if not self.finished:
            return
        self.finished = False
        self.done = min(self.done + 1, self.total)
        self.bar.update(self.task, completed=self.done)
        if self.plain:
            print(f"  {self.done} of {self.total}: {self.current}", file=sys.stderr, flush=True)
