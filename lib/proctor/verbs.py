"""Run nbgrader's own verbs, the ones an instructor would type, and listen to their log."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ERROR_LINE = re.compile(r"\[\w+ \| (?:ERROR|CRITICAL)\] (.*)")
GRACE = 120  # seconds an interrupted verb has to put its kernel away: a net, since it takes one


def run_verb(
    arguments: list[str], folder: Path, listen: Callable[[str], None] = lambda line: None
) -> tuple[int, list[str]]:
    """Run `nbgrader ...` in a class folder.

    Args:
        arguments: the verb and its arguments.
        folder: the class, whose `nbgrader_config.py` applies.
        listen: called with each line of the log as it comes.

    Returns:
        The exit status, and, where it is not 0, what the log reports as errors, one line each.

    Raises:
        KeyboardInterrupt: when interrupted, after the verb has stopped by itself.
    """
    lines = []
    # A session of its own: Ctrl-C reaches the verb once, from here, and never in the middle of its clean-up.
    with subprocess.Popen(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as verb:
        try:
            for line in verb.stdout:
                lines.append(line.rstrip())
                listen(lines[-1])
            status = verb.wait()
        except BaseException:
            stop(verb)
            raise
    if not status:
        return 0, []
    errors = [match[1] for line in lines if (match := ERROR_LINE.search(line))]
    return status, errors or [line for line in lines if line][-1:]


def stop(verb: subprocess.Popen) -> None:
    """Interrupt a verb and give it time to put its kernel away."""
    verb.send_signal(signal.SIGINT)
    try:
        verb.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:
        verb.kill()
