"""Driving the student's kernel: whatever its code does, each cell ends, with outputs and a word on how."""

import asyncio
import contextlib
import secrets
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from nbformat import NotebookNode

from proctor.kernels.student import CHANNELS
from proctor.kernels.zygote import Fork, KernelLost, Zygote
from proctor.running.outputs import FLOODED, KILLED, NOT_RUN, TIMED_OUT, Outputs, error
from proctor.running.patience import settled, settled_fairly

LARGEST_MESSAGE = 32 << 20  # bytes; a larger one is not even received
QUEUE = 64  # messages that wait to be read
GREETING = 1800  # seconds until the kernel greets: a net, since it takes a tenth of one
LATE = 1.0  # seconds that a cell's last outputs may come after its reply, waiting for a processor apart


@dataclass
class Ran:
    """How a cell ended.

    Args:
        outputs: in notebook format.
        problem: KILLED, TIMED_OUT, FLOODED or NOT_RUN; None if the cell came to its end, with an error or not.
        failed: whether it raised an error.
        results: the data of the values that it displayed.
    """

    outputs: list[NotebookNode] = field(default_factory=list)
    problem: str | None = None
    failed: bool = False
    results: list[dict[str, Any]] = field(default_factory=list)


class StudentKernel:
    """An IPython kernel for one submission.

    Args:
        grace: seconds that code has to stop after an interrupt, before its kernel is killed.
    """

    def __init__(self, grace: float) -> None:
        self.grace = grace
        self.lost: str | None = None  # where the kernel was lost
        self.fork: Fork | None = None
        self.client: AsyncKernelClient | None = None

    async def start(self, zygote: Zygote, request: dict[str, Any], tests: int) -> None:
        """Start it.

        Args:
            zygote: forks it.
            request: what `kernels.child.become` needs, but for the role.
            tests: descriptor of the socket on which it answers the tests.

        Raises:
            KernelLost: if it does not come up.
        """
        self.folder = tempfile.TemporaryDirectory(prefix="proctor-")
        address, key = str(Path(self.folder.name, "k")), secrets.token_hex(16)
        listening = [socket.socket(socket.AF_UNIX) for _ in CHANNELS]
        try:
            for number, one in enumerate(listening, 1):
                one.bind(f"{address}-{number}")
                one.listen()
            descriptors = (*[one.fileno() for one in listening], tests)
            request = {**request, "role": "student", "address": address, "key": key}
            self.fork = await zygote.fork(request, descriptors)
        finally:
            for one in listening:
                one.close()
        await self._connect(address, key)

    async def _connect(self, address: str, key: str) -> None:
        self.context = zmq.asyncio.Context(io_threads=1)
        self.context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        self.context.setsockopt(zmq.RCVHWM, QUEUE)
        self.context.setsockopt(zmq.LINGER, 0)
        self.client = AsyncKernelClient(context=self.context)
        ports = {f"{name}_port": number for number, name in enumerate(CHANNELS, 1)}
        self.client.load_connection_info(
            {"transport": "ipc", "ip": address, "hb_port": 0, "key": key.encode(), **ports}
        )
        self.client.allow_stdin = False
        self.client.start_channels(shell=True, iopub=True, stdin=False, hb=False, control=False)
        # the kernel greets whoever subscribes; what it says before that would be lost
        greeting = asyncio.ensure_future(self.client.iopub_channel.socket.recv_multipart())
        ended = asyncio.ensure_future(self.fork.ended())
        try:
            if greeting not in await settled(greeting, ended, timeout=GREETING):
                raise KernelLost("the kernel ended, or hung, before it greeted")
        finally:
            for one in (greeting, ended):
                one.cancel()
            await asyncio.gather(greeting, ended, return_exceptions=True)

    async def execute(self, source: str, timeout: float, *, silent: bool = False, until: asyncio.Event | None = None):
        """Run a cell.

        Args:
            source: the cell.
            timeout: seconds until it is interrupted.
            silent: whether it leaves no trace in the kernel's history.
            until: if given, the cell has no time limit before this is set.

        Returns:
            A `Ran`; never raises for what the student's code does.
        """
        if self.lost:
            return Ran([error(NOT_RUN, f"not run: {self.lost}")], NOT_RUN, True)
        run = Execution(self.client, self.fork, source, silent)
        pending = [asyncio.ensure_future(one) for one in (run.finished(), self.fork.ended(), run.flood.wait())]
        try:
            problem = await self._watch(run, pending, timeout, until)
        finally:
            for one in pending:
                one.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        return self._result(run, problem, timeout)

    async def _watch(self, run: "Execution", pending: list, timeout: float, until: asyncio.Event | None) -> str | None:
        """Wait for the end of a cell, and bring it about where it does not come."""
        finished, ended, flooded = pending
        if until is not None:
            over = asyncio.ensure_future(until.wait())
            await settled(*pending, over)
            over.cancel()
        await settled_fairly(*pending, timeout=timeout, forks=[self.fork])
        problem = None
        if not finished.done() and not ended.done():
            problem = FLOODED if flooded.done() else TIMED_OUT
            self.fork.interrupt()
            await settled_fairly(finished, ended, timeout=self.grace, forks=[self.fork])
        if finished.done():
            return problem
        if ended.done():
            return KILLED
        self.fork.kill()
        return f"{problem}, killed"

    def _result(self, run: "Execution", problem: str | None, timeout: float) -> Ran:
        kept = run.outputs.cells
        if problem is None:
            return Ran(kept, None, run.failed, run.outputs.results)
        name, _, killed = problem.partition(", ")
        if killed or name == KILLED:
            self.lost = "the kernel was lost"
        kept = [one for one in kept if one.output_type != "error"]
        return Ran([*kept, error(name, sentence(name, bool(killed), timeout))], name, True)

    async def stop(self) -> None:
        """End it and clean up after it."""
        if self.fork:
            await self.fork.end()
        if self.client:
            self.client.stop_channels()
            self.context.destroy(linger=0)
        self.folder.cleanup()


def sentence(name: str, killed: bool, timeout: float) -> str:
    """What happened to a cell that did not end by itself."""
    if name == KILLED:
        return "the kernel died in this cell (an exit, a crash, or no memory left)"
    how = "ignored the interrupt" if killed else "was interrupted"
    if name == FLOODED:
        return f"printed without end and {how}"
    return f"ran longer than {timeout:g} s and {how}"


class Execution:
    """One cell on its way: collects what the kernel says about it.

    Args:
        client: connected to the kernel.
        fork: the kernel's process.
        source: the cell.
        silent: as in `StudentKernel.execute`.
    """

    def __init__(self, client: AsyncKernelClient, fork: Fork, source: str, silent: bool) -> None:
        self.client, self.fork = client, fork
        self.outputs = Outputs()
        self.flood = asyncio.Event()
        self.failed = False
        self.id = client.execute(source, store_history=not silent, stop_on_error=False)

    async def finished(self) -> None:
        """Wait until the kernel has answered and said its last word about the cell."""
        reading = asyncio.ensure_future(self._read())
        try:
            reply = await self._reply()
            self.failed = reply.get("status") != "ok"
            await settled_fairly(reading, timeout=LATE, forks=[self.fork])
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading
        if self.failed and not any(one.output_type == "error" for one in self.outputs.cells):
            self.outputs.add("error", {"ename": reply.get("ename", "Error"), "evalue": reply.get("evalue", "")})

    async def _reply(self) -> dict[str, Any]:
        while True:
            message = await self._next(self.client.shell_channel)
            if message["msg_type"] == "execute_reply":
                return message["content"]

    async def _read(self) -> None:
        while True:
            message = await self._next(self.client.iopub_channel)
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content.get("execution_state") == "idle":
                return
            if kind == "clear_output":
                self.outputs.clear()
            self.outputs.add(kind, content)

    async def _next(self, channel) -> dict[str, Any]:
        """The next message about this cell; what is garbled or about another is passed over, but counted."""
        while True:
            try:
                parts = await channel.socket.recv_multipart()
                self.outputs.received += sum(map(len, parts))
                if self.outputs.flooded:
                    self.flood.set()
                    await asyncio.sleep(0)
                    continue
                _, parts = channel.session.feed_identities(parts)
                message = channel.session.deserialize(parts)
                if message["parent_header"].get("msg_id") == self.id and isinstance(message["content"], dict):
                    return message
            except (asyncio.CancelledError, zmq.ZMQError):
                raise
            except Exception:
                # the student's process can sign any bytes at all; what is no message is nothing
                await asyncio.sleep(0)
