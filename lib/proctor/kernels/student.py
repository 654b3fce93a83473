"""A fork that runs the student's cells: an IPython kernel on sockets that it was given.

The sockets are bound outside, so that the sandbox needs no folder in common with the rest of the machine.
"""

import os
from collections.abc import Callable
from typing import Any, NoReturn

import zmq
from ipykernel.iostream import OutStream
from ipykernel.kernelapp import IPKernelApp

CHANNELS = ("shell", "stdin", "control", "iopub")
TESTS = 200  # the descriptor at which the tests ask
SENT = 4_000_000  # characters that a cell may print until the rest goes nowhere
FLOOD = 20_000_000  # characters that a cell may print until it is stopped


class OutputFlood(Exception):
    """A cell printed more than any cell has reason to."""


def run(request: dict[str, Any], descriptors: list[int], ready: Callable[[], None]) -> NoReturn:
    """Serve cells until killed.

    Args:
        request: `key`, which signs the messages; `address`, the sockets' common prefix.
        descriptors: listening sockets in the order of CHANNELS, then the tests' socket, which is moved to TESTS.
        ready: called before the first cell.
    """
    os.dup2(descriptors[-1], TESTS)
    os.close(descriptors[-1])
    app = GivenSocketsApp.instance(parent_handle=1, log_level="ERROR")  # with a parent, it prints no greeting
    app.given = list(descriptors[: len(CHANNELS)])
    app.transport, app.ip = "ipc", request["address"]
    app.session.key = request["key"].encode()
    app.outstream_class = f"{__name__}.LimitedStream"
    app.initialize(["--HistoryManager.enabled=False"])
    app.shell.events.register("pre_run_cell", LimitedStream.begin_cell)
    ready()
    app.start()


class GivenSocketsApp(IPKernelApp):
    """ipykernel's application, less what needs a file or a thread of its own that nobody uses."""

    given: list[int]

    def _bind_socket(self, s, port):
        s.setsockopt(zmq.USE_FD, self.given.pop(0))
        number = len(CHANNELS) - len(self.given)
        s.bind(f"ipc://{self.ip}-{number}")
        return number

    def init_poller(self):
        """Nothing to watch: the warden ends this process."""

    def init_connection_file(self):
        """Everything came with the request."""

    def write_connection_file(self, **kwargs):
        """Everything came with the request."""

    def init_heartbeat(self):
        """A process descriptor tells more than a heartbeat."""


class LimitedStream(OutStream):
    """ipykernel's stream, with an end: an endless print would keep two processes busy until the time limit."""

    printed = 0  # characters of the running cell, on both streams

    @classmethod
    def begin_cell(cls, *_) -> None:
        """Count from nothing."""
        cls.printed = 0

    def write(self, string):
        """Print, as far as anybody would read.

        Raises:
            OutputFlood: if there seems to be no end.
        """
        cls = LimitedStream
        cls.printed += len(string)
        if cls.printed > FLOOD:
            raise OutputFlood(f"this cell printed more than {FLOOD:,} characters")
        return super().write(string) if cls.printed <= SENT else len(string)
