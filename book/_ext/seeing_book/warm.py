"""Kernels that need not import again what the pages of a build import: a warm process that they are forked from.

It lives as long as the build, so no page runs a library that was changed since. It begins to import when the first
page asks it for a kernel.
"""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from warm_kernels.handle import WarmServer, possible

from . import witness
from .what_runs import Source

# What the library imports at the first call that needs it: most pages make one.
FIRST_CALL = {"seeing": ("numba", "scipy.optimize")}


def imports(pages: Iterable[Iterable[str]]) -> list[str]:
    """What the cells of some pages import, by dotted name, and what comes with it.

    A name that may be a module or something in one ("torch.nn", "torch.zeros") is listed; trying it tells.
    """
    named = {module for cells in pages for cell in cells for module in Source(cell).imports}
    later = {module for package in FIRST_CALL.keys() & named for module in FIRST_CALL[package]}
    return sorted(named | later)


@contextlib.contextmanager
def server(pages: list[list[str]], book: Path, inside: list[Path]) -> Iterator[WarmServer | None]:
    """The process to fork the kernels of some pages from; None for a single page, or where none can be.

    Args:
        pages: the cells of each.
        book: the folder that they lie in.
        inside: other folders that an import may read from; see `witness`.
    """
    if len(pages) < 2 or not possible():
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "read"
        made = WarmServer(imports(pages), folder=book, watch=(witness.code(log, [book, *inside]), log))
        try:
            yield made
        finally:
            made.stop()
