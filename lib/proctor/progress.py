"""A progress line fed by nbgrader's log: in its own process, or by whoever reads its output."""

import atexit
import logging
import re
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """Students done and failed, time passed, time left; in a pipe, a plain line a student.

    Args:
        title: what is going on.
        total: how many students there are.
    """

    START = re.compile(r"Sanitizing .*[/\\](?P<student>[^/\\]+)[/\\][^/\\]+[/\\][^/\\]+\.ipynb$")
    DONE = "Setting destination file permissions"
    FAILED = "There was an error processing assignment: "

    def __init__(self, title: str, total: int) -> None:
        self.title, self.total = title, total
        self.done = self.failed = 0
        self.current = ""
        self.finished = False
        self.console = Console(stderr=True)
        self.plain = not self.console.is_terminal
        self.bar = Bar(
            TextColumn(title),
            BarColumn(20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
            console=self.console,
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
            self.describe()
        failed = self.FAILED in line
        self.failed += failed
        self.finished = failed or self.DONE in line

    def count(self) -> None:
        """Count the student whose last line has been seen, if there is one."""
        if not self.finished:
            return
        self.finished = False
        self.done = min(self.done + 1, self.total)
        self.bar.update(self.task, completed=self.done)
        self.describe()
        if self.plain:
            print(f"  {self.done} of {self.total}: {self.current}", file=sys.stderr, flush=True)

    def describe(self) -> None:
        """Say who is next, and how many failed."""
        failed = f"[red]{self.failed} failed[/red] " if self.failed else ""
        self.bar.update(self.task, description=failed + self.current.replace("[", r"\["))


class ProgressHandler(logging.Handler):
    """Feeds a progress line from the log of the process that it is shown in; other messages pass above it.

    Args:
        progress: started here, and stopped when the process ends.
    """

    showing: "ProgressHandler | None" = None

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self.progress = progress
        progress.bar.start()
        atexit.register(self.stop)
        ProgressHandler.showing = self

    def emit(self, record: logging.LogRecord) -> None:
        """Take in a message."""
        self.progress.listen(record.getMessage())

    def stop(self) -> None:
        """Take the line away, and leave one that says how it went."""
        ProgressHandler.showing = None
        progress = self.progress
        progress.count()
        progress.bar.stop()
        progress.console.print(f"{progress.title}: {progress.done} done, {progress.failed} failed", highlight=False)


def show_progress(log: logging.Logger, title: str, total: int) -> None:
    """Show a progress line for the rest of this process, where somebody sits at a terminal."""
    if sys.stderr.isatty() and ProgressHandler.showing is None:
        log.addHandler(ProgressHandler(Progress(title, total)))
