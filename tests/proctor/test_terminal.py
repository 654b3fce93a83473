"""Tracebacks stay in the log file."""

import logging
import sys

from proctor.terminal import OneLineFormatter


def test_last_line_only():
    text = 'Traceback (most recent call last):\n  File "x"\nValueError: what went wrong\n'
    record = logging.LogRecord("nbgrader", logging.ERROR, "file", 1, text, (), None)
    assert OneLineFormatter(fmt="%(message)s").format(record) == "ValueError: what went wrong"
    assert record.getMessage() == text


def test_exceptions_logged_with_a_message():
    try:
        raise ValueError("inside")
    except ValueError:
        record = logging.LogRecord("nbgrader", logging.ERROR, "file", 1, "failed", (), sys.exc_info())
    assert OneLineFormatter(fmt="%(message)s").format(record) == "failed"


def test_ordinary_lines_stay():
    record = logging.LogRecord("nbgrader", logging.INFO, "file", 1, "two\nlines %s", ("x",), None)
    assert OneLineFormatter(fmt="%(message)s").format(record).split() == ["two", "lines", "x"]
