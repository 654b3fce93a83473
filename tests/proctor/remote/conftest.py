"""A student's process for each test that asks for one, and the test's side of the connection to it.

The processes are forks of one that has imported torch and has run no backward pass, as in a class run.
"""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from proctor.remote import session

LIB = Path(session.__file__).parents[2]
SERVER = """
import os, signal, socket, sys
import numpy, torch
from proctor.remote.student import serve
torch.set_num_threads(1)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
control = socket.socket(fileno=int(sys.argv[1]))
while True:
    kind, descriptors, _, _ = socket.recv_fds(control, 1, 2)
    if not kind:
        os._exit(0)
    pid = os.fork()
    if pid:
        control.send(pid.to_bytes(4, "big"))
        for one in descriptors:
            os.close(one)
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code, descriptor = os.fdopen(descriptors[0]).read(), descriptors[1]
    try:
        namespace = {"__name__": "__main__", "descriptor": descriptor}
        exec(compile(code, "<student>", "exec"), namespace)
        while kind == b"s":
            serve(namespace, descriptor)
    finally:
        os._exit(0)
"""


@pytest.fixture(scope="session")
def server():
    """The process that students' processes are forked from."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": str(LIB), "OMP_NUM_THREADS": "1"},
        )
        yield ours
        process.kill()
        process.wait()


class Student:
    """A student's process.

    Args:
        server: forks it.
        code: the text of the student's cells.
        kind: "s" for a process that serves; "r" for one that only runs the code, which finds `descriptor`.
    """

    def __init__(self, server: socket.socket, code: str, kind: str) -> None:
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        with theirs, os.fdopen(writing, "w") as text:
            socket.send_fds(server, [kind.encode()], [reading, theirs.fileno()])
            os.close(reading)
            text.write(code)
        self.pid = int.from_bytes(server.recv(4), "big")
        session.connect(ours.detach())
        self.dialogue = session.current()
        self.code = code

    def names(self, *names: str, cells: list[str] | None = None) -> dict:
        """A namespace in which these names are the student's."""
        namespace = {}
        session.prepare(namespace, list(names), [], [self.code] if cells is None else cells)
        return namespace

    def interrupt(self) -> None:
        """Send it what the runner sends when time is up."""
        os.kill(self.pid, signal.SIGINT)

    def end(self) -> None:
        """End the process."""
        self.dialogue.connection.close()
        session.Current.dialogue = None
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


@pytest.fixture
def student(server):
    """Start a student's process: `student("def f(x): return x").names("f")`."""
    running = []

    def start(code: str, kind: str = "s") -> Student:
        running.append(Student(server, code, kind))
        return running[-1]

    yield start
    for one in running:
        one.end()


@pytest.fixture
def remote(student):
    """The student's names after some code: `remote("def f(x): return x", "f")` gives the function."""

    def bind(code: str, *names: str):
        found = student(code).names(*names)
        values = [found[name] for name in names]
        return values[0] if len(values) == 1 else values

    return bind
