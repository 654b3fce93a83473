"""One submission from its first cell to its last, in two processes: the student's, and one for the tests."""

import asyncio
import contextlib
import json
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade

from proctor.kernels.student import TESTS
from proctor.kernels.zygote import KernelLost, Zygote
from proctor.running import canaries
from proctor.running.confinement import request_for
from proctor.running.credit import settle, value_printed
from proctor.running.job import Job
from proctor.running.outputs import KILLED, NOT_RUN, TIMED_OUT, Outputs, error
from proctor.running.patience import Clock, settled_fairly
from proctor.running.plan import Owners, Place, places
from proctor.running.student import Ran, StudentKernel, sentence
from proctor.running.tester import TestProcess

SERVE = f"__import__('proctor.remote.student', fromlist=['serve']).serve(globals(), {TESTS})"
PRINTS = 4000  # characters kept of what the student's code prints while it is tested
OUT_OF_TIME = "the notebook's time is up"
SHORT = 0.5  # seconds of a cell that are not worth a closer look


async def run_notebook(job: Job, zygote: Zygote) -> NotebookNode:
    """Run a submission.

    Args:
        job: the sanitised notebook and what it may take.
        zygote: makes the processes.

    Returns:
        The notebook with outputs. A kernel that cannot even start is an error in every cell.
    """
    nb = nbformat.from_dict(json.loads(job.notebook))
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proctor-files-") as folder:
        run = NotebookRun(nb, job.unpacked(Path(folder)))
        try:
            await run.start(zygote)
            await run.cells()
        except KernelLost as lost:
            for cell in nb.cells:
                if cell.cell_type == "code":
                    cell.outputs = [error(KILLED, f"the kernel did not start: {lost}")]
        finally:
            await run.stop()
    note = nb.metadata.setdefault("proctor", NotebookNode())
    note.update(executed=True, seconds=round(time.monotonic() - begin, 2), timeout=job.limits.timeout)
    return nb


class NotebookRun:
    """The run of one notebook.

    Args:
        nb: outputs are written into it.
        job: what it is run with.
    """

    def __init__(self, nb: NotebookNode, job: Job) -> None:
        self.nb, self.job, self.limits = nb, job, job.limits
        self.places = places(nb, frozenset(job.answers))
        self.owners = Owners(frozenset(job.answers))
        self.texts: list[str] = []  # of the cells that ran
        self.student = StudentKernel(job.limits.grace)
        self.tester = TestProcess()
        self.tests_lost: str | None = None
        self.serving: tuple[asyncio.Future, asyncio.Event] | None = None
        self.spent = 0.0  # seconds of its cells, without those in which others had the processors
        self.behind = contextlib.ExitStack()

    async def start(self, zygote: Zygote) -> None:
        """Start the processes that the notebook needs."""
        here, there = socket.socketpair()
        self.beside = bool({Place.TESTS, Place.BOTH} & set(self.places.values()))
        request = self.behind.enter_context(request_for(self.job))
        with here, there:
            starts = [self.student.start(zygote, request("student"), here.fileno())]
            if self.beside:
                starts.append(self.tester.start(zygote, request("tester"), there.fileno()))
            for result in await asyncio.gather(*starts, return_exceptions=True):
                if isinstance(result, BaseException):
                    raise result

    async def stop(self) -> None:
        """End them."""
        await asyncio.gather(self.student.stop(), self.tester.stop())
        if self.serving:
            await asyncio.gather(self.serving[0], return_exceptions=True)
        self.behind.close()

    async def cells(self) -> None:
        """Run every cell where it belongs."""
        for count, (index, place) in enumerate(self.places.items(), 1):
            cell = self.nb.cells[index]
            title = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {index + 1}"
            was_lost = self.student.lost
            if self.spent >= self.limits.total:
                cell.outputs = [error(NOT_RUN, f"not run: {OUT_OF_TIME} ({self.limits.total:g} s)")]
                continue
            cell.execution_count = count
            clock = Clock([fork for fork in (self.student.fork, self.tester.fork) if fork])
            await self._run(cell, place)
            self.spent += clock.spent() if clock.passed() > SHORT else clock.passed()
            if self.student.lost and not was_lost:
                self.student.lost = f"the kernel was lost in {title}"
            self.texts.append(cell.source)
        if self.serving:
            await self._stop_serving(self.tested)

    async def _run(self, cell: NotebookNode, place: Place) -> None:
        """Run one cell."""
        timeout = min(self.limits.timeout, max(1.0, self.limits.total - self.spent))
        if self.serving and place is not Place.TESTS:
            await self._stop_serving(self.tested)
        if place is Place.TESTS:
            await self._test(cell, timeout)
        elif place is Place.GUARDED:
            await self._guarded(cell, timeout)
        else:
            ran = await self.student.execute(cell.source, timeout)
            cell.outputs = ran.outputs
            self.owners.ran(cell.source, by_student=True)
            if place is Place.BOTH and not self.student.lost and not self.tests_lost:
                self.tested = cell
                await self._beside(cell, timeout)
                self.owners.ran(cell.source, by_student=False)
        if is_grade(cell):
            cell.outputs = harmless(cell.outputs)

    async def _guarded(self, cell: NotebookNode, timeout: float) -> None:
        """Run a test in the student's process; no partial credit, which the student's code could forge."""
        before = await self.student.execute(canaries.canary(cell.source), timeout, silent=True)
        ran = await self.student.execute(cell.source, timeout)
        after = await self.student.execute(canaries.canary(cell.source), timeout, silent=True)
        cell.outputs = ran.outputs
        if ran.problem or ran.failed:
            return
        if not all(one.failed and raised(one.outputs) == "AssertionError" for one in (before, after)):
            cell.outputs.append(error(canaries.TAMPERED, canaries.SENTENCE))
        else:
            settle(cell, [value_printed(one) for one in ran.results], inside=True)

    async def _test(self, cell: NotebookNode, timeout: float) -> None:
        """Run a test beside the student's process."""
        if self.student.lost or self.tests_lost:
            cell.outputs = [error(NOT_RUN, f"not run: {self.student.lost or self.tests_lost}")]
            return
        self.tested = cell
        reply, problem = await self._beside(cell, timeout)
        self.owners.ran(cell.source, by_student=False)
        outputs = Outputs()
        for one in reply["outputs"]:
            outputs.add(one["output_type"], one)
        cell.outputs = outputs.cells
        if problem:
            cell.outputs = [*(one for one in outputs.cells if one.output_type != "error"), problem]
        elif reply["failed"]:
            cell.metadata.setdefault("proctor", NotebookNode())["failed"] = reply["failed"]
        else:
            settle(cell, reply["values"])

    async def _beside(self, cell: NotebookNode, timeout: float) -> tuple[dict[str, Any], NotebookNode | None]:
        """Run a cell in the tests' process while the student's answers it.

        Returns:
            The answer of `kernels.tester.TestShell.test`, and, where the cell did not come to its end, an error.
        """
        serving = self._serve()
        testing = asyncio.ensure_future(self.tester.run(cell.source, *self.owners.crossing(cell.source), self.texts))
        late = await self._limit(testing, serving, timeout)
        try:
            reply = await testing
        except EOFError:
            self.tests_lost = "the process that runs the tests was lost"
            reply = {"outputs": [], "values": [], "failed": None}
        ran = await self._stop_serving(cell) if late or serving.done() or self.tests_lost else None
        return reply, self._problem(late, ran, timeout)

    def _serve(self) -> asyncio.Future:
        """Have the student's process answer the tests, until its own cells go on."""
        if self.serving is None:
            over = asyncio.Event()
            work = self.student.execute(SERVE, self.limits.grace, silent=True, until=over)
            self.serving = asyncio.ensure_future(work), over
        return self.serving[0]

    async def _stop_serving(self, cell: NotebookNode) -> Ran:
        """Have it go on with its own cells, and note what it printed meanwhile in the last cell that it answered."""
        serving, over = self.serving
        self.serving = None
        if not serving.done() and not self.tests_lost:
            await self._release()
        over.set()
        ran = await serving
        prints = "".join(one.text for one in ran.outputs if one.output_type == "stream")
        if prints:
            cell.metadata.setdefault("proctor", NotebookNode())["prints"] = prints[-PRINTS:]
        return ran

    async def _release(self) -> None:
        """Have the tests let the student's process go; where they cannot, it is for their process to end."""
        releasing = asyncio.ensure_future(self.tester.release())
        forks = [self.student.fork, self.tester.fork]
        if not await settled_fairly(releasing, timeout=self.limits.grace, forks=forks):
            self.tester.fork.kill()
        if isinstance((await asyncio.gather(releasing, return_exceptions=True))[0], EOFError):
            self.tests_lost = "the process that runs the tests was lost"

    async def _limit(self, testing: asyncio.Future, serving: asyncio.Future, timeout: float) -> bool:
        """Wait for a test, and bring about its end where it does not come; whether it was late."""
        grace = self.limits.grace
        forks = [self.student.fork, self.tester.fork]
        done = await settled_fairly(testing, serving, timeout=timeout, forks=forks)
        if serving in done and testing not in done:
            # the student's process stopped answering: the test hears of it, unless the socket was kept open
            await settled_fairly(testing, timeout=grace, forks=forks)
        if testing.done():
            return False
        self.student.fork.interrupt()
        if not await settled_fairly(testing, timeout=grace, forks=forks):
            self.tester.fork.interrupt()
        if not await settled_fairly(testing, timeout=grace, forks=forks):
            self.tester.fork.kill()
        return serving not in done

    def _problem(self, late: bool, ran: Ran | None, timeout: float) -> NotebookNode | None:
        """What kept a test from its end."""
        if ran is None:
            return None
        if ran.problem == KILLED:
            return error(KILLED, sentence(KILLED, False, timeout))
        if ran.problem and not late:
            return next(one for one in ran.outputs if one.output_type == "error")
        if late:
            return error(TIMED_OUT, sentence(TIMED_OUT, bool(ran.problem), timeout))
        return error(NOT_RUN, self.tests_lost) if self.tests_lost else None


def raised(outputs: list[NotebookNode]) -> str | None:
    """The name of the error among some outputs."""
    return next((one.ename for one in outputs if one.output_type == "error"), None)


def harmless(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs of a graded cell with nothing on stderr, where nbgrader would take the points for a warning."""
    for one in outputs:
        if one.output_type == "stream":
            one.name = "stdout"
    return outputs
