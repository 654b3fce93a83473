"""nbgrader's log on the terminal: one line a message; the log file keeps the tracebacks."""

import logging

from tornado.log import LogFormatter


class OneLineFormatter(LogFormatter):
    """Show only the last line of a traceback: the one that says what went wrong."""

    def format(self, record):
        """Format a log record.

        Args:
            record: changed nowhere else: other handlers get it whole.
        """
        message = record.getMessage()
        if record.exc_info or "Traceback (most recent call last)" in message:
            record = type(record)(
                record.name, record.levelno, record.pathname, record.lineno, last_line(message), (), None
            )
        return super().format(record)


class ConsoleHandler(logging.StreamHandler):
    """Writes to the terminal; above the progress line where there is one, and then only what is more than news."""

    def emit(self, record):
        """Write a message."""
        from proctor.progress import ProgressHandler  # needs rich, which takes a while and which few verbs need

        showing = ProgressHandler.showing
        if showing is None:
            super().emit(record)
        elif record.levelno >= logging.WARNING:
            showing.progress.console.print(self.format(record), markup=False, highlight=False)


def last_line(text: str) -> str:
    """The last line of a text that is not blank."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
