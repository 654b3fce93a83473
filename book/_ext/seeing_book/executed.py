"""The pages' outputs: looked up, or made, before Sphinx reads the first page.

myst-nb would run a page while Sphinx reads it: one after the other, and the first to fail ends the build. Here each
page that has no outputs yet is run by a kernel of its own, two at a time, and what comes out is put where myst-nb looks
for it. A page that fails is read without being run, and the next build tries it again.
"""

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import nbformat
from docutils import nodes
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from . import data_at_hand, warm
from .cache_key import EXPERIMENTS, Library, library, library_folders
from .kernels import Failure, PageRun, shortened
from .outputs import Outputs
from .witness import Reading

logger = logging.getLogger(__name__)
TOGETHER = 2  # more pages at a time need more memory than a laptop has
FAILED, UNREADABLE = "failed", "unreadable"  # what stands for a page's folder of outputs
POLL = 2.0  # seconds between two looks at the clocks, each of which goes through all processes of the machine


def read_notebook(env: BuildEnvironment, page: str) -> NotebookNode | None:
    """A page's cells as myst-nb will read them; None for a page that has none to run."""
    path = env.doc2path(page)
    text = Path(path).read_text(encoding="utf-8-sig")
    reader = create_nb_reader(path, env.myst_config, env.mystnb_config, text)
    notebook = reader.read(text) if reader else None
    if notebook is None or not any(cell.cell_type == "code" for cell in notebook.cells):
        return None
    mode = notebook.metadata.get("mystnb", {}).get("execution_mode", env.mystnb_config.execution_mode)
    return notebook if mode == "cache" else None


def shows_lines(notebook: NotebookNode) -> bool:
    """Whether a cell provokes an error, whose traceback shows lines of the library."""
    return any("raises-exception" in cell.metadata.get("tags", []) for cell in notebook.cells)


def key_of(available: Library, notebook: NotebookNode) -> str:
    """The key of a page."""
    named = any(EXPERIMENTS in cell.source for cell in notebook.cells)
    return available.key(sources(notebook), shows_lines(notebook), named)


def run_together(runs: list[PageRun], together: int) -> Iterator[PageRun]:
    """Execute pages, some at a time; each as it ends. An interrupt ends all kernels."""
    with ThreadPoolExecutor(together) as pool:
        working = {pool.submit(run.run): run for run in runs}
        left = set(working)
        try:
            while left:
                poll = min(POLL, *(run.limit / 4 for run in runs))
                done, left = wait(left, timeout=poll, return_when=FIRST_COMPLETED)
                for future in left:
                    working[future].check()
                for future in done:
                    future.result()
                    yield working[future]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for run in working.values():
                run.stop()
            raise


class Execution:
    """The outputs of one build's pages, as Sphinx's events come by."""

    def __init__(self) -> None:
        self.failures: dict[str, Failure] = {}
        self.readings: dict[str, Reading] = {}
        self.notebooks: dict[str, NotebookNode] = {}
        self._names: dict[str, str] = {}  # from a page to the folder of its outputs
        self._outputs: Outputs | None = None
        self._config = None

    def place(self, app: Sphinx, config: Config) -> None:
        """Tell myst-nb where the outputs are; `point` says which folder there (`config-inited`)."""
        config.nb_execution_cache_path = str(outputs_folder(app))

    def prepare(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> list[str]:
        """Look up or make the outputs of all pages; those that must be read again for it (`env-get-outdated`)."""
        root = Path(app.srcdir).parent
        self._config = env.mystnb_config
        self._outputs = Outputs(outputs_folder(app), data_at_hand.data_root())
        self._read(env)
        available = library(root)
        keys = {page: key_of(available, notebook) for page, notebook in self.notebooks.items()}
        for page, notebook in self.notebooks.items():
            if kept := self._outputs.find(keys[page], notebook):
                self._names[page], self.readings[page] = kept
        left = [page for page in self.notebooks if page not in self._names]
        try:
            self._execute(env, left, keys, available, [Path(app.srcdir), *library_folders(root)])
        except KeyboardInterrupt:
            logger.info("interrupted: the pages executed so far are kept")
            raise SystemExit(130) from None  # jupyter-book would print a traceback
        before = getattr(env, "seeing_book_outputs", {})
        again = {*left, *self.failures}
        outdated = [page for page, name in self._names.items() if page in again or before.get(page) != name]
        if app.builder.format == "html":
            for page in outdated:  # an interrupt must not leave the old numbers standing
                Path(app.builder.get_outfilename(page)).unlink(missing_ok=True)
        return outdated

    def _read(self, env: BuildEnvironment) -> None:
        for page in sorted(env.found_docs):
            try:
                notebook = read_notebook(env, page)
            except Exception as error:  # Sphinx would end the build
                what = shortened(f"cannot be read as a notebook: {type(error).__name__}: {error}")
                self.failures[page] = Failure(page, what, "Mend the head of the page or of its cells")
                self._names[page] = UNREADABLE
            else:
                if notebook is not None:
                    self.notebooks[page] = notebook

    def _execute(
        self, env: BuildEnvironment, pages: list[str], keys: dict[str, str], available: Library, inside: list[Path]
    ) -> None:
        if not pages:
            return
        limit = cell_limit(env.mystnb_config.execution_timeout)
        book = Path(env.srcdir)
        with warm.server([sources(self.notebooks[page]) for page in pages], book, inside) as kernels:
            self._run(
                [
                    PageRun(page, self.notebooks[page], Path(env.doc2path(page)), limit, inside, kernels)
                    for page in pages
                ],
                keys,
                available,
            )

    def _run(self, runs: list[PageRun], keys: dict[str, str], available: Library) -> None:
        logger.info("\nexecuting %d pages, up to %d at a time", len(runs), min(TOGETHER, processors()))
        for number, run in enumerate(run_together(runs, min(TOGETHER, processors())), 1):
            self.readings[run.page] = run.reading
            self._names[run.page] = FAILED
            if run.failure is None:
                try:
                    self._names[run.page] = self._outputs.keep(keys[run.page], run, available.is_as_it_was())
                except Exception as error:  # outputs or metadata that no notebook may hold
                    what = shortened(f"ran, but made no valid notebook: {type(error).__name__}: {error}")
                    run.failure = Failure(run.page, what, "Mend the page")
            if run.failure:
                self.failures[run.page] = run.failure
            done = "failed" if run.failure else "executed"
            logger.info("%s %s in %.0f s (%d of %d)", done, run.page, run.seconds, number, len(runs))

    def point(self, app: Sphinx, page: str, source: list[str]) -> None:
        """Let myst-nb find the outputs of the page it is about to read, or read it as it is (`source-read`)."""
        env = app.env
        if not hasattr(env, "seeing_book_outputs"):
            env.seeing_book_outputs = {}
        name = env.seeing_book_outputs[page] = self._names.get(page, "")
        env.mystnb_config = self._config
        if name == UNREADABLE:
            source[0] = f"# {page}\n"
        elif name == FAILED:
            env.mystnb_config = self._config.copy(execution_mode="off")
        elif name:
            env.mystnb_config = self._config.copy(execution_cache_path=str(self._outputs.folder / name))

    def write(self, app: Sphinx, doctree: nodes.document) -> None:
        """Write a page's notebook with its outputs where the strict second run compares them (`doctree-read`).

        myst-nb writes it there without them where it found them in the cache, and so at each of our builds.
        """
        page = app.env.docname
        name = self._names.get(page, FAILED)
        if name not in (FAILED, UNREADABLE):
            file = Path(app.outdir).parent / "jupyter_execute" / f"{page}.ipynb"
            file.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(self._outputs.executed(name, self.notebooks[page]), file)

    def forget(self, app: Sphinx, env: BuildEnvironment, page: str) -> None:
        """A page is read again, or gone (`env-purge-doc`)."""
        getattr(env, "seeing_book_outputs", {}).pop(page, None)

    def clean(self, app: Sphinx, exception: Exception | None) -> None:
        """Delete outputs that two builds have not used (`build-finished`)."""
        if self._outputs is not None and self._outputs.folder.is_dir():
            self._outputs.remove_old(set(self._names.values()) - {FAILED, UNREADABLE})


def outputs_folder(app: Sphinx) -> Path:
    """One for the book and for the book to publish: most pages are the same in both."""
    return Path(app.srcdir).parent / "_build" / "executed"


def sources(notebook: NotebookNode) -> list[str]:
    """What the cells of a page say."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def cell_limit(configured: float) -> float:
    """Seconds a cell may take.

    Args:
        configured: in _config.yml; CELL_SECONDS in the environment wins.

    Raises:
        ExtensionError: if it is no number above 0.
    """
    given = os.environ.get("CELL_SECONDS") or str(configured)
    try:
        limit = float(given)
    except ValueError:
        limit = 0.0
    if not 0 < limit < float("inf"):
        raise ExtensionError(f"CELL_SECONDS must be a number of seconds above 0; got {given!r}")
    return limit


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
