"""The kept outputs of pages: jupyter-cache's, in a folder for each key."""

import copy
import os
import shutil
import time
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.db import NbCacheRecord
from nbformat import NotebookNode

from . import data_at_hand
from .kernels import PageRun
from .witness import Reading

GENERATIONS = 2  # builds whose outputs are kept: going back and forth between two branches is common
MARK = "last_used"
UNSURE = "changed-meanwhile"  # no key: nobody looks here again


class Outputs:
    """The kept outputs of all pages, a folder for each key.

    Args:
        folder: where the folders are.
        data_root: the folder of real data. A digest of what is in it is part of the name where a page asked for data
            when it ran.
    """

    def __init__(self, folder: Path, data_root: Path) -> None:
        self.folder = folder
        self.data = data_at_hand.digest(data_root)
        self.data_root = os.path.realpath(data_root)

    def find(self, key: str, notebook: NotebookNode) -> tuple[str, Reading] | None:
        """The folder with a page's outputs and what it read for them; None where it must be run."""
        for name in (key, f"{key}-{self.data}"):
            record = self._record(self.folder / name, notebook)
            if record is not None and unchanged(record):
                return name, Reading(**record.data["reading"])
        return None

    def _record(self, folder: Path, notebook: NotebookNode) -> NbCacheRecord | None:
        if not folder.is_dir():
            return None
        cache = get_cache(folder)
        try:
            record = cache.match_cache_notebook(notebook)
        except KeyError:
            return None
        except RuntimeError:  # its database was left half made by a build that was killed
            shutil.rmtree(folder)
            return None
        try:
            cache.get_cache_bundle(record.pk)
        except (KeyError, ValueError, OSError):  # so was the notebook
            shutil.rmtree(folder / "executed" / record.hashkey, ignore_errors=True)
            return None
        return record

    def keep(self, key: str, run: PageRun, sure: bool = True) -> str:
        """Keep the outputs of a page that ran; the folder's name.

        Args:
            key: of what the page was to run.
            run: what came out.
            sure: whether nothing was changed meanwhile. Else they serve this build only.
        """
        reading = run.reading
        elsewhere = [path for path in reading.files if not self._is_data(path)]
        others = [root for root in reading.asked if not self._is_data(root)]
        touched = any(map(self._is_data, [*reading.asked, *reading.files, *reading.folders]))
        name = f"{key}-{self.data}" if touched or names_data(run.notebook) else key
        if not sure or (touched and data_at_hand.digest(Path(self.data_root)) != self.data):
            name = f"{UNSURE}-{time.time_ns()}"
        data = {
            "execution_seconds": run.seconds,
            "reading": vars(reading),
            "elsewhere": [[path, *stamp(path)] for path in elsewhere],
            "other_roots": [[root, data_at_hand.digest(Path(root))] for root in others],
        }
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        bundle = CacheBundleIn(run.notebook, str(run.path), data=data)
        get_cache(folder).cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        return name

    def executed(self, name: str, notebook: NotebookNode) -> NotebookNode:
        """A page's notebook with the kept outputs and numbers of its cells; the given one is left as it is."""
        _, kept = get_cache(self.folder / name).merge_match_into_notebook(notebook)
        whole = copy.deepcopy(notebook)
        for cell, ran in zip(whole.cells, kept.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
        return whole

    def _is_data(self, path: str) -> bool:
        return f"{path}{os.sep}".startswith(self.data_root + os.sep)

    def remove_old(self, used: set[str]) -> None:
        """Mark the folders that this build used, and delete those that neither it nor the one before did."""
        now = str(time.time_ns())
        for name in used:
            (self.folder / name / MARK).write_text(now)
        last = {mark.parent: int(mark.read_text() or 0) for mark in self.folder.glob(f"*/{MARK}")}
        kept = sorted(set(last.values()), reverse=True)[:GENERATIONS]
        for folder, build in last.items():
            if build not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def names_data(notebook: NotebookNode) -> bool:
    """Whether a cell looks for the data folder by itself."""
    return any("SEEING_DATA" in cell.source for cell in notebook.cells if cell.cell_type == "code")


def stamp(path: str) -> list[int]:
    """Size and time of the last change of a file; -1 where it is gone."""
    try:
        found = os.stat(path)
    except OSError:
        return [-1, -1]
    return [found.st_size, found.st_mtime_ns]


def unchanged(record: NbCacheRecord) -> bool:
    """Whether what a page read outside book, library and data folder is as it was."""
    files = all(stamp(path) == changed for path, *changed in record.data["elsewhere"])
    return files and all(data_at_hand.digest(Path(root)) == digest for root, digest in record.data["other_roots"])
