"""What nbval leaves out when it compares a notebook's outputs: `pytest -p tests.notebooks.plugin --nbval ...`.

Its strict run skips PNG and JPEG outputs, takes a cell that was never run for one without outputs, fails on the random
names in HTML, and gives a kernel five seconds to answer. The classes here are nbval's but for that; the running of
notebooks stays its own.

With `--as-reader FOLDER` a notebook runs as the reader of the file of the same name under FOLDER would run it, who
downloaded it: its first cell comes first, in an empty folder, on a machine that has Jupyter and nothing else.
"""

import re
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.notebooks import reader
from tests.notebooks.pictures import complaint, taken_out
from tests.notebooks.reader import WarmServer

WARM = pytest.StashKey[WarmServer | None]()
KERNEL_STARTS = 3  # a busy machine may not bring one up in nbval's fixed time: only time decided, so try again
OUTPUT_WAIT = 300  # seconds that a busy machine may take to hand over an output; nbval's 5 are too few


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("nbval")
    folder = "_build/figure_differences"
    group.addoption("--figure-differences", metavar="FOLDER", default=folder, help=f"where to draw them ({folder})")
    group.addoption("--as-reader", metavar="FOLDER", help="run each notebook as one who downloaded it from there")


def reader_folder(config: pytest.Config) -> Path:
    """Where the reader's machine is kept."""
    return config.rootpath / "_build" / "reader"


def pytest_configure(config: pytest.Config) -> None:
    """Make the reader's machine, once for all processes of the run."""
    if config.getoption("--as-reader") and not hasattr(config, "workerinput"):
        reader.prepare(reader_folder(config))


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process that kernels were forked from."""
    if warm := config.stash.get(WARM, None):
        warm.stop()


def warm_server(session: pytest.Session) -> WarmServer | None:
    """The process to fork the readers' kernels from, one for all notebooks of this process."""
    config = session.config
    if WARM not in config.stash:
        notebooks = {item.parent for item in session.items if isinstance(item.parent, Notebook)}
        pages = [[cell.source for cell in one.nb.cells if cell.cell_type == "code"] for one in notebooks]
        config.stash[WARM] = reader.warm_server(reader_folder(config), pages)
    return config.stash[WARM]


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector):
    """Put ours in the place of nbval's notebooks."""
    found = yield
    return [Notebook.from_parent(parent, path=file_path) if type(one) is IPyNbFile else one for one in found]


class Notebook(IPyNbFile):
    """A notebook whose cells run in one kernel, one test each."""

    own: Path | None = None  # the reader's folder

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.skip_compare = tuple(kind for kind in self.skip_compare if not kind.startswith("image/"))

    def collect(self):
        """The code cells, after the first cell of the reader's file where there is a reader."""
        cells = list(super().collect())
        if self.config.getoption("--as-reader"):
            options = defaultdict(bool)
            yield Cell.from_parent(self, name="First cell", cell_num=-1, cell=self.first_cell(), options=options)
        for cell in cells:
            yield Cell.from_parent(self, name=cell.name, cell_num=cell.cell_num, cell=cell.cell, options=cell.options)

    def first_cell(self) -> nbformat.NotebookNode:
        """What the file for readers begins with: it installs what the rest needs."""
        file = self.config.invocation_params.dir / self.config.getoption("--as-reader") / f"{self.page}.ipynb"
        if not file.is_file():
            raise self.CollectError(f"readers find no {file}: run `make book`")
        notebook = nbformat.read(file, as_version=4)
        codes = [[cell.source for cell in one.cells if cell.cell_type == "code"] for one in (notebook, self.nb)]
        if codes[0][1:] != codes[1]:
            raise self.CollectError(f"{file} holds other cells than {self.path}: run `make book`")
        return notebook.cells[0]

    def setup(self) -> None:
        """Start the kernel, once more where it did not answer in time."""
        for left in reversed(range(KERNEL_STARTS)):
            try:
                return self.setup_as_reader() if self.config.getoption("--as-reader") else super().setup()
            except RuntimeError:
                if not left:
                    raise

    def setup_as_reader(self) -> None:
        """As nbval's setup, on the reader's machine and in a folder of its own."""
        self.own = Path(tempfile.mkdtemp(prefix="reader-"))
        for name in ("packages", "notebook"):
            (self.own / name).mkdir()
        with reader.settings(reader_folder(self.config), self.own / "packages"):
            wait = self.config.getoption("nbval_kernel_startup_timeout")
            self.kernel = reader.Kernel(self.own / "notebook", warm_server(self.session), wait)
        self.setup_sanitize_files()

    def teardown(self) -> None:
        """Stop the kernel, and remove the reader's folder."""
        super().teardown()
        if self.own:
            shutil.rmtree(self.own, ignore_errors=True)

    def drawing(self, cell: int, picture: int) -> Path:
        """Where to draw a picture of a cell that differs, without suffix: named after the notebook's path."""
        folder = self.config.rootpath / self.config.getoption("--figure-differences")
        return folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', self.page)}-cell-{cell}-picture-{picture}"

    @property
    def page(self) -> str:
        """The notebook's path from the folder that pytest was asked to run, without suffix."""
        for argument in self.config.args:
            folder = Path(self.config.invocation_params.dir, argument.partition("::")[0]).resolve()
            if folder.is_dir() and self.path.is_relative_to(folder):
                return self.path.relative_to(folder).with_suffix("").as_posix()
        return self.path.stem


class Cell(IPyNbCell):
    """A code cell: run, and all that it shows compared with what the notebook holds."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.output_timeout = OUTPUT_WAIT

    def runtest(self) -> None:
        """Run the cell and compare, unless it opted out."""
        super().runtest()
        if self.options["check"] and self.cell.execution_count is None and self.cell.source.strip():
            self.raise_cell_error("This cell was not run when the notebook was: nothing to compare its output with")

    def compare_outputs(self, test, ref, skip_compare=None) -> bool:
        """Whether the cell's outputs are those of the notebook; what differs is kept for the report."""
        got, expected = taken_out(test), taken_out(ref)
        same = super().compare_outputs(got.outputs, expected.outputs, skip_compare)
        found = list(self.complaints(expected.pictures, got.pictures))
        self.comparison_traceback += found
        return same and not found

    def complaints(self, expected: list, got: list):
        """A line for each picture that differs."""
        if len(expected) != len(got):
            yield f"The cell draws {len(got)} pictures, the notebook holds {len(expected)} of it"
            return
        for number, pair in enumerate(zip(expected, got, strict=True), start=1):
            file = self.parent.drawing(self.cell_num, number)
            for old in file.parent.glob(file.name + ".*"):
                old.unlink()
            if words := complaint(*pair, file):
                yield f"Picture {number} differs from the notebook's: {words}"
