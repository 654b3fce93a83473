"""The book's Sphinx extension on the import path, and the built book where there is one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the built book; BOOK_HTML names another than `_build/html`."""
    folder = Path(os.environ.get("BOOK_HTML", ROOT / "_build" / "html"))
    if not (folder / "index.html").is_file():
        pytest.skip("no built book: run `make book` first")
    return folder


HEAD = """\
---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  name: python3
  language: python
  display_name: Python 3
---
# The page {name}
"""


class SmallBook:
    """A book of a few pages with the real book's configuration and extension.

    Args:
        root: the real repository.
        folder: an empty one, for the book and what is built of it.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.html = folder / "_build" / "html"
        (folder / "book").mkdir()
        for name in ("_ext", "_static", "references.bib"):
            (folder / "book" / name).symlink_to(root / "book" / name)
        self.write("index", "# A book\n")

    def write(self, name: str, text: str) -> None:
        """Write a page, and list it."""
        (self.folder / "book" / f"{name}.md").write_text(text)
        pages = sorted({path.stem for path in (self.folder / "book").glob("*.md")} - {"index"})
        listed = "".join(f"- file: {page}\n" for page in pages)
        toc = "format: jb-book\nroot: index\n" + (f"chapters:\n{listed}" if listed else "")
        (self.folder / "book" / "_toc.yml").write_text(toc)

    def cells(self, name: str, *cells: str, text: str = "") -> None:
        """Write a page of code cells."""
        code = "".join(f"\n```{{code-cell}} ipython3\n{cell}\n```\n" for cell in cells)
        self.write(name, HEAD.format(name=name) + text + code)

    def build(self, **environment: str) -> subprocess.CompletedProcess:
        """Build it as the Makefile does; paths of modules: PYTHONPATH."""
        command = [Path(sys.executable).with_name("jupyter-book"), "build", self.folder / "book"]
        command += ["--path-output", self.folder, "--config", self.root / "_config.yml", "-W", "-n", "--keep-going"]
        inherited = {name: value for name, value in os.environ.items() if name not in ("CELL_SECONDS", "SEEING_DATA")}
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env={"NO_COLOR": "1", **inherited, **environment}
        )

    def page(self, name: str) -> str:
        """The html of a page."""
        return (self.html / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture
def small_book(root, tmp_path) -> SmallBook:
    """A book with one page of text, to add others to."""
    return SmallBook(root, tmp_path)


def executed(build: subprocess.CompletedProcess) -> list[str]:
    """The pages that a build executed."""
    lines = [line.split() for line in build.stdout.splitlines()]
    return sorted(line[1] for line in lines if line[:1] in (["executed"], ["failed"]) and line[2:3] == ["in"])


@pytest.fixture(name="executed")
def executed_fixture() -> Callable[[subprocess.CompletedProcess], list[str]]:
    """The function that says which pages a build executed."""
    return executed


@pytest.fixture(scope="session")
def book_notebooks(root) -> dict:
    """The cells of all pages that have some, by file."""
    from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook

    texts = {file: file.read_text(encoding="utf-8") for file in sorted((root / "book").rglob("*.md"))}
    return {
        file: read_myst_markdown_notebook(text, add_source_map=True, path=file)
        for file, text in texts.items()
        if is_myst_markdown_notebook(text)
    }
