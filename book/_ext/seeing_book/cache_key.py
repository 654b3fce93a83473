"""Under which name the outputs of a page are kept.

jupyter-cache runs a page again when its cells changed. What else decides on their outputs is in the name of the folder
that it works in: the code that the page imports, the records and checkpoints it may load, and the packages behind. The
data at hand is part of it for the pages that ask for data, which shows only when they run: see `executed`.
"""

import hashlib
import importlib.util
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from .versions import imported, versions
from .what_runs import Source, closure, modules, read

OURS = ("seeing", "proctor")
SKIPPED = {".py", ".pyc", ".part"}
EXPERIMENTS = "_experiments"
PAGES = {".md", ".ipynb", ".bib", ".yml"}


def library_folders(root: Path) -> list[Path]:
    """Where our packages lie: in the repository that the book belongs to, and where Python finds them."""
    found = {}
    for name in OURS:
        spec = importlib.util.find_spec(name)
        installed = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
        for folder in [root / "lib" / name, *installed]:
            if (folder / "__init__.py").is_file():  # else it only has the name
                found[folder.resolve()] = folder
    return list(found.values())


class Library:
    """All that pages may run and load besides what is installed.

    Args:
        folders: packages ("lib/seeing"), and folders of scripts ("book/_experiments").
        beside: other files that any page may read.
        packages: from a distribution to its version; if None, those that are installed and imported.
    """

    def __init__(
        self, folders: Iterable[Path], beside: Iterable[Path] = (), packages: dict[str, str] | None = None
    ) -> None:
        self.folders = list(folders)
        self.beside = list(beside)
        self._stamps = self._stamp()  # before anything is read
        self.files = modules(self.folders)
        self.sources = {name: [read(file, name) for file in files] for name, files in self.files.items()}
        self.packages = packages

    def _stamp(self) -> list[tuple[str, int, int]]:
        # What a page compiles as it runs, bytes of Python and loops of numba, is written beside the sources.
        files = [f for folder in self.folders for f in folder.rglob("*") if "__pycache__" not in f.parts]
        found = [(str(file), file.stat()) for file in [*files, *self.beside] if file.is_file()]
        return sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)

    def is_as_it_was(self) -> bool:
        """Whether no file has been written since this was made: a page that ran meanwhile ran what its key says."""
        return self._stamp() == self._stamps

    @cached_property
    def data(self) -> dict[str, list[tuple[str, bytes]]]:
        """Name and digest of the files that are no Python, by the package they belong to; "" stands for every page."""
        packages = {file.parent: name for name, files in self.files.items() for file in files if is_package(file)}
        found: dict[str, list[tuple[str, bytes]]] = {}
        for folder in self.folders:
            for file in sorted(file for file in folder.rglob("*") if is_data(file)):
                package = next((packages[above] for above in file.parents if above in packages), "")
                entry = (file.relative_to(folder).as_posix(), hashlib.sha256(file.read_bytes()).digest())
                found.setdefault(package, []).append(entry)
        for file in self.beside:
            found.setdefault("", []).append((file.name, hashlib.sha256(file.read_bytes()).digest()))
        return found

    def key(self, cells: Iterable[str], shows_lines: bool = False, names_experiments: bool = False) -> str:
        """Twelve hex digits that change with whatever may change the outputs of these cells, but for data at hand.

        Args:
            cells: their sources, which are not part of the key: jupyter-cache looks at them.
            shows_lines: whether the page prints lines of the library, as in the traceback of an error it provokes.
            names_experiments: whether it speaks of `_experiments`: then it may run any of them, or all of ours.
        """
        page = [Source(cell) for cell in cells]
        names = closure(page, self.sources)
        if names_experiments or any(EXPERIMENTS in source.text for source in page):
            names = set(self.sources)
        used = [*page, *(source for name in names for source in self.sources[name])]
        as_text = shows_lines or any(source.reads_text for source in used)
        digest = hashlib.sha256()
        for name in sorted(names):
            for source in self.sources[name]:
                digest.update(name.encode() + b"\0" + source.digest(as_text))
        for name in sorted({*names, ""}):
            digest.update(repr((name, self.data.get(name))).encode())
        elsewhere = imported((module for source in used for module in source.imports), self.sources)
        packages = versions(elsewhere) if self.packages is None else self.packages
        digest.update(repr(sorted(packages.items())).encode())
        return digest.hexdigest()[:12]


def is_package(file: Path) -> bool:
    """Whether a file makes its folder a package."""
    return file.name == "__init__.py"


def is_data(file: Path) -> bool:
    """Whether the library may load a file: neither Python nor what an editor or an interrupted command left."""
    hidden = file.name.startswith(".") or file.name.endswith("~") or "__pycache__" in file.parts
    return not hidden and file.suffix not in SKIPPED and file.is_file()


def beside_pages(book: Path) -> list[Path]:
    """Files in the folders of the pages that are no pages: a cell may read or import them by their bare name."""
    return [
        file
        for file in sorted(book.rglob("*"))
        if file.is_file()
        and file.suffix not in PAGES | {".pyc"}
        and not any(part.startswith((".", "_")) for part in file.relative_to(book).parts)
    ]


def library(root: Path) -> Library:
    """What the pages of the book in a repository may run and load."""
    scripts = root / "book" / "_experiments"
    folders = [*library_folders(root), *([scripts] if scripts.is_dir() else [])]
    return Library(folders, beside_pages(root / "book"))
