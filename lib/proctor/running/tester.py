"""Driving the process that runs the locked cells."""

import socket
from typing import Any

from proctor.kernels import messages
from proctor.kernels.zygote import Fork, Zygote


class TestProcess:
    """A shell apart from the student's, in which only locked cells run."""

    __test__ = False  # for pytest, which takes it for a test

    def __init__(self) -> None:
        self.fork: Fork | None = None
        self.cells: socket.socket | None = None

    async def start(self, zygote: Zygote, request: dict[str, Any], tests: int) -> None:
        """Start it.

        Args:
            zygote: forks it.
            request: what `kernels.child.become` needs, but for the role.
            tests: descriptor of the socket on which it asks the student's process.

        Raises:
            KernelLost: if it does not come up.
        """
        self.cells, there = socket.socketpair()
        with there:
            self.fork = await zygote.fork({**request, "role": "tester"}, (there.fileno(), tests))

    async def run(self, source: str, forced: list[str], wanted: list[str], cells: list[str]) -> dict[str, Any]:
        """Run a cell; see `kernels.tester.TestShell.test`.

        Raises:
            EOFError: if the process ends before it answers.
        """
        return await self._ask({"source": source, "forced": forced, "wanted": wanted, "cells": cells})

    async def release(self) -> None:
        """Let the student's process go, which has answered tests until now.

        Raises:
            EOFError: as in `run`.
        """
        await self._ask(None)

    async def _ask(self, question: dict[str, Any] | None) -> Any:
        try:
            await messages.send_async(self.cells, question)
            return (await messages.receive_async(self.cells))[0]
        except OSError:
            raise EOFError("the process that runs the tests is gone") from None

    async def stop(self) -> None:
        """End it and clean up after it."""
        if self.fork:
            await self.fork.end()
        if self.cells:
            self.cells.close()
