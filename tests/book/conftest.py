"""The book's Sphinx extension on the import path, and the built book where there is one."""

import os
import sys
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
