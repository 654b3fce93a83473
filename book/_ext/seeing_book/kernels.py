"""One page in a kernel of its own: nbclient runs the cells, this says when it has had its time and how it ended."""

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil
import zmq
from jupyter_client.manager import KernelManager
from jupyter_client.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config
from warm_kernels.handle import WarmServer

from . import witness
from .clock import Clock, tree

START = 600  # seconds in which a kernel must answer: half of one on an idle machine
LONGEST = 300  # characters of an error's text


@dataclass(frozen=True)
class Failure:
    """Why a page has no outputs."""

    page: str
    what: str
    """In which cell, and how."""
    advice: str
    """What to do."""

    def __str__(self) -> str:
        return f"{self.page}: {self.what}. {self.advice}."


class Stopped(Exception):
    """The build was interrupted before a kernel had started."""


def settings() -> Config:
    """The kernels' traffic is encrypted where that is possible: else each prints a warning that it is not."""
    config = Config()
    if zmq.has("curve") and "transport_encryption" in KernelManager.class_trait_names():
        config.KernelManager.transport_encryption = "auto"
    return config


def shortened(text: str) -> str:
    """A text on one line, its middle left out where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}"


class Client(NotebookClient):
    """nbclient's, whose kernel may be a fork of a warm process."""

    warm: WarmServer | None = None

    def create_kernel_manager(self) -> KernelManager:
        """As nbclient's."""
        manager = super().create_kernel_manager()
        if self.warm is not None:
            self.warm.provide(manager)
        return manager


class PageRun:
    """The execution of one page: `run` in a thread, `check` and `stop` from another.

    Args:
        page: its name.
        notebook: its cells; outputs are written into them.
        path: its file, in whose folder the cells run.
        limit: seconds a cell may take, as `clock.Clock` counts them.
        inside: folders that a page may read without a note.
        warm: where its kernel comes from; if None, it is a new process.
    """

    def __init__(
        self,
        page: str,
        notebook: NotebookNode,
        path: Path,
        limit: float,
        inside: list[Path],
        warm: WarmServer | None = None,
    ) -> None:
        self.page, self.notebook, self.path, self.limit = page, notebook, path, limit
        self.inside, self.warm = inside, warm
        self.failure: Failure | None = None
        self.reading = witness.Reading()
        self.seconds = 0.0
        self._cell: int | None = None
        self._clock: Clock | None = None
        self._process = None
        self._out_of_time = self._interrupted = False

    def run(self) -> None:
        """Execute the cells; never raises what the page did, but notes it in `failure`."""
        begin = os.times().elapsed
        with tempfile.TemporaryDirectory() as folder, open(Path(folder) / "said", "wb+") as said:
            self._log = Path(folder) / "read"
            client = Client(
                self.notebook,
                timeout=None,
                startup_timeout=START,
                record_timing=False,  # times in the cells would make it another notebook to jupyter-cache
                resources={"metadata": {"path": str(self.path.parent)}},
                config=settings(),
                on_notebook_start=self._started,
                on_cell_execute=self._begin_cell,
                on_cell_executed=self._end_cell,
            )
            client.warm = self.warm
            self._client = client
            try:
                # What a kernel says on its way in and out is of use only where it dies.
                client.execute(stdout=said, stderr=said)
            except Exception as error:
                said.seek(0)
                self.failure = self._failure(error, said.read().decode(errors="replace"))
            self.reading = witness.read_log(self._log)
        self.seconds = os.times().elapsed - begin

    def check(self) -> None:
        """End the kernel if its cell has had its time."""
        clock = self._clock
        if clock is not None and clock.read() > self.limit:
            self._out_of_time = True
            self._kill()

    def stop(self) -> None:
        """End the kernel, whatever it does."""
        self._interrupted = True
        self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            for process in reversed(tree(self._process.pid)):
                with contextlib.suppress(psutil.Error):
                    process.kill()

    async def _started(self, notebook: NotebookNode) -> None:
        self._process = self._client.km.provisioner.process
        if self._interrupted:
            self._kill()
            raise Stopped
        await ensure_async(
            self._client.kc.execute(witness.code(self._log, self.inside), silent=True, store_history=False)
        )

    def _begin_cell(self, cell: NotebookNode, cell_index: int) -> None:
        self._cell = cell_index
        self._clock = Clock(self._process.pid)

    def _end_cell(self, **news: object) -> None:
        self._clock = None

    def _failure(self, error: Exception, said: str) -> Failure:
        again = "then run the command again: only pages that failed are executed again"
        if self._out_of_time:
            what = f"was stopped after {self.limit:g} s, the limit of a cell"
            advice = f"To give it more time, set CELL_SECONDS={4 * self.limit:g} before the command"
        elif isinstance(error, CellExecutionError):
            what = f"raised {shortened(f'{error.ename}: {error.evalue}' if error.evalue else error.ename)}"
            missing = error.ename in ("ModuleNotFoundError", "ImportError")
            advice = f"{'Run make venv, or mend' if missing else 'Mend'} the page, {again}"
        elif isinstance(error, DeadKernelError) and self._process is not None:
            what, advice = f"ended its kernel{self._ending()}", f"Mend the page or free memory, {again}"
        else:
            last = said.strip().splitlines()[-1:] or [""]
            what = shortened(f"its kernel did not start: {type(error).__name__}: {error} {last[0]}")
            advice = "Look whether .venv is whole (make venv)"
        return Failure(self.page, f"{self._place()} {what}".strip(), advice)

    def _ending(self) -> str:
        code = self._process.poll()
        if code is not None and code < 0:
            return f" (signal {-code}{', as when memory runs out' if code == -9 else ''})"
        return f" (exit code {code})" if code else ""

    def _place(self) -> str:
        if self._cell is None:
            return ""
        number = sum(cell.cell_type == "code" for cell in self.notebook.cells[: self._cell + 1])
        lines = self.notebook.metadata.get("source_map")
        return f"cell {number}" + (f" ({self.path.name}, line {lines[self._cell]})" if lines else "")
