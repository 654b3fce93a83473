"""Progress in a pipe: a plain line a student, once nbgrader cannot take the notebook back."""

import logging

from proctor.progress import Progress, ProgressHandler, show_progress

LOG = [
    "[AutogradeApp | INFO] Sanitizing /class/submitted/ann/tiny/tiny.ipynb",
    "[AutogradeApp | INFO] Autograding /class/autograded/ann/tiny/tiny.ipynb",
    "[AutogradeApp | INFO] Setting destination file permissions to 444",
    "[AutogradeApp | INFO] Sanitizing /class/submitted/Doe, Zoë/tiny/tiny.ipynb",
    "[AutogradeApp | ERROR] There was an error processing assignment: /class/submitted/Doe, Zoë/tiny",
]


def test_lines(capsys):
    with Progress("grading tiny", 2) as progress:
        for line in LOG[:3]:
            progress.listen(line)
        assert capsys.readouterr().err == ""
        progress.listen(LOG[3])
        assert capsys.readouterr().err == "  1 of 2: ann\n"
        progress.listen(LOG[4])
    assert capsys.readouterr().err == "  2 of 2: Doe, Zoë\n"
    assert (progress.done, progress.failed) == (2, 1)


def test_a_log_handler_feeds_the_line(monkeypatch):
    log = logging.Logger("nbgrader")
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    show_progress(log, "grading tiny", 2)
    assert log.handlers == []  # nobody is at a terminal
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    show_progress(log, "grading tiny", 2)
    show_progress(log, "grading tiny", 2)
    (handler,) = log.handlers
    try:
        for line in LOG:
            log.info(line.partition("] ")[2])
        log.info("done")
        assert (handler.progress.done, handler.progress.failed) == (2, 1)
    finally:
        handler.stop()
    assert ProgressHandler.showing is None
