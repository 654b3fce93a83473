"""A fork that runs the locked cells, apart from the student: a plain IPython shell on a socket.

It needs none of what a notebook's front end needs, so it starts in a fraction of an IPython kernel's time and
answers a cell in one message.
"""

import contextlib
import io
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from ipykernel.jsonutil import encode_images
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from proctor.kernels import messages
from proctor.kernels.results import Value, value_of
from proctor.remote import session

LARGEST = 200_000  # characters of output kept a cell
MOST = 10  # values told of a cell, where one is right


def run(request: dict[str, Any], descriptors: list[int], ready: Callable[[], None]) -> NoReturn:
    """Serve cells until the other side hangs up.

    Args:
        request: nothing of it is needed.
        descriptors: where cells come from; where the student's process is asked.
        ready: called before the first cell.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cells = socket.socket(fileno=descriptors[0])
    session.connect(descriptors[1])
    shell = TestShell.instance()
    ready()
    while True:
        try:
            cell, _ = messages.receive(cells)
        except EOFError:
            return
        if cell is None:
            with contextlib.suppress(Exception):
                session.finish()  # the student's process has cells of its own to run
        messages.send(cells, cell and shell.test(**cell))


class TestShell(InteractiveShell):
    """A shell whose outputs are collected as a notebook would store them."""

    __test__ = False  # for pytest, which takes it for a test

    def __init__(self, **options):
        self.outputs: list[dict[str, Any]] = []
        self.values: list[Value] = []
        super().__init__(displayhook_class=CollectingHook, display_pub_class=CollectingPublisher, **options)

    def init_history(self):
        """As IPython's, with nothing on disk."""
        self.config.HistoryManager.enabled = False
        super().init_history()

    def test(self, source: str, forced: list[str], wanted: list[str], cells: list[str]) -> dict[str, Any]:
        """Run a cell, the student's names standing for what they are in the student's process.

        Args:
            source: the cell.
            forced: names that always are the student's.
            wanted: names that are the student's where nothing else has them.
            cells: the text of the student's cells so far.

        Returns:
            `outputs` in notebook format, `values` of the lines that displayed one, and `failed`: None, or see
            `described`.
        """
        self.outputs, self.values = [], []
        failed = None
        with self.collecting(), interruptible():
            try:
                session.prepare(self.user_ns, forced, wanted, cells)
                result = self.run_cell(source, store_history=True)
                error = result.error_before_exec or result.error_in_exec
            except BaseException as unexpected:
                error = unexpected
            if error is not None:
                failed = described(error, self.user_module)
                if not any(one["output_type"] == "error" for one in self.outputs):
                    self._showtraceback(type(error), str(error), [f"{type(error).__name__}: {error}"])
        return {"outputs": self.outputs, "values": self.values[:MOST], "failed": failed}

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """Collect what is printed."""
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Collector(self.outputs, "stdout"), Collector(self.outputs, "stderr")
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before

    def _showtraceback(self, etype, evalue, stb):
        self.outputs.append(
            {"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
        )


def described(error: BaseException, module) -> dict[str, Any]:
    """What a person may want to know of an error.

    Args:
        error: that ended a cell.
        module: in which cells run.

    Returns:
        `line` of the cell where it came out, None if it did not come from one; `from_student`, whether the
        student's process raised it; `student_frames`, where in the student's cells.
    """
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_globals is module.__dict__ and step.tb_frame.f_code.co_name == "<module>":
            line = step.tb_lineno
        step = step.tb_next
    return {
        "line": line,
        "from_student": getattr(error, "from_student", False) is True,
        "student_frames": list(getattr(error, "student_frames", ())),
    }


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGINT stop what runs in the block, and only that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class Collector(io.TextIOBase):
    """A stream whose text becomes a notebook's output.

    Args:
        outputs: where it goes.
        name: "stdout" or "stderr".
    """

    def __init__(self, outputs: list[dict[str, Any]], name: str) -> None:
        self.outputs, self.name = outputs, name
        self.left = LARGEST

    def write(self, text: str) -> int:
        """Keep a text, as far as anybody would read."""
        kept, self.left = text[: self.left], max(0, self.left - len(text))
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == self.name:
            last["text"] += kept
        elif kept:
            self.outputs.append({"output_type": "stream", "name": self.name, "text": kept})
        return len(text)


class CollectingHook(DisplayHook):
    """Keeps the value of a cell's last expression: what it is, and how it looks.

    What it is does not depend on how it looks: an object may have no text, or that of a number.
    """

    def fill_exec_result(self, result):
        """Keep what a value is; called once for each that is displayed."""
        super().fill_exec_result(result)
        self.shell.values.append(value_of(result))

    def write_output_prompt(self):
        """No prompt."""

    def write_format_data(self, format_dict, md_dict=None):
        """Keep a value in all the forms that IPython gives it."""
        if self.shell.values[-1]["number"] is None:  # whoever runs the test writes the number of points
            self.shell.display_pub.publish(format_dict, md_dict)

    def finish_displayhook(self):
        """Nothing to flush."""


class CollectingPublisher(DisplayPublisher):
    """Keeps what a cell displays."""

    def publish(self, data, metadata=None, **kwargs):
        """Keep a displayed object."""
        self.shell.outputs.append(
            {"output_type": "display_data", "data": encode_images(data), "metadata": metadata or {}}
        )
