"""Every notebook imports only what its first cell installs, read off its syntax; `make test` also runs them so."""

import ast
import importlib.metadata
import sys
import tomllib
from pathlib import Path

import jupytext
import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from seeing_book import needs
from seeing_book.first_cell import first_cell

ROOT = Path(__file__).parents[2]
LIBRARY = "seeing-fairly"
PAGES = [file for file in sorted((ROOT / "book").rglob("*.md")) if "{code-cell}" in file.read_text(encoding="utf-8")]
ASSIGNMENTS = sorted((ROOT / "assignments").rglob("*.ipynb"))


def notebook(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def files(package: str) -> set[str]:
    """The top-level modules among a package's files, by another way than the one that is tested."""
    tops = {
        Path(path.parts[0]).stem for path in importlib.metadata.files(package) or () if path.suffix in {".py", ".so"}
    }
    return tops | set((importlib.metadata.distribution(package).read_text("top_level.txt") or "").split())


def installed_with(requirements: list[str]) -> set[str]:
    """The modules that pip would bring; the library's own declared dependencies stand for the library."""
    return {module for package in needs.closure(requirements) for module in files(package)}


@pytest.fixture(scope="module")
def everywhere():
    """What is there before the first cell: the standard library, and Jupyter."""
    return set(sys.stdlib_module_names) | installed_with(["ipykernel"])


@pytest.fixture(scope="module")
def library():
    return installed_with(importlib.metadata.requires(LIBRARY)) | {"seeing", "proctor"}


def brought_by(source: str, monkeypatch) -> list[str]:
    """What the first cell installs where nothing is."""
    calls = []
    monkeypatch.setattr("subprocess.run", lambda command, **options: calls.append(command[5:]))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    exec(source, {})
    monkeypatch.undo()
    return [name for call in calls for name in call]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT / "book").as_posix())
def test_every_import_of_a_page_is_installed_by_its_first_cell(file, everywhere, library, monkeypatch):
    page = jupytext.read(file)
    brought = brought_by(first_cell(page, LIBRARY).source, monkeypatch)
    assert brought[-1] == LIBRARY
    missing = needs.imported(page) - everywhere - library - installed_with(brought[:-1])
    assert not missing, f"{file.name} imports {sorted(missing)}, which its first cell does not install"


@pytest.mark.parametrize("file", ASSIGNMENTS, ids=lambda file: file.stem)
def test_every_import_of_an_assignment_comes_with_the_library(file, everywhere, library):
    missing = needs.imported(nbformat.read(file, as_version=4)) - everywhere - library
    assert not missing, f"{file.name} imports {sorted(missing)}, which `pip install seeing-fairly` does not bring"


def test_pages_are_found():
    assert len(PAGES) > 30
    assert ASSIGNMENTS


def test_what_counts_as_an_import():
    found = needs.imported(
        notebook(
            "%matplotlib inline\nimport a.b as c, d",
            "def f():\n    from e.f import g\n    if x:\n        import h",
            "from . import here\nimportlib.import_module('i.j')\n__import__('k')\nimport_module(name)",
            "!pip list",
        )
    )
    assert found - {"IPython"} == {"a", "d", "e", "h", "i", "k"}


def test_what_is_needed_besides_the_library():
    assert needs.page_packages(notebook("import numpy, json, IPython, seeing, PIL")) == {}
    assert needs.page_packages(notebook("import sklearn", "import fairlearn, cv2")) == {
        "cv2": needs.pinned()["opencv-contrib-python-headless"],
        "fairlearn": needs.pinned()["fairlearn"],
    }
    with pytest.raises(ValueError, match="imports 'nowhere_to_be_had'"):
        needs.page_packages(notebook("import nowhere_to_be_had"))
    # fairlearn brings pandas, the library does not: a page that imports both needs a line for each
    with pytest.raises(ValueError, match="imports 'pandas'"):
        needs.page_packages(notebook("import fairlearn, pandas"))


def test_versions_are_those_of_the_requirements():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert needs.pinned()["fairlearn"].startswith("fairlearn==")
    for package in needs.pinned().values():
        assert package in lines


def test_extras_and_markers_are_followed():
    assert "numpy" in needs.closure(["scikit-learn"])
    assert needs.closure(["not-there-at-all"]) == {"not-there-at-all"}
    assert needs.closure(["numpy; sys_platform == 'nowhere'"]) == set()
    assert "distributed" in needs.closure(["seeing-fairly[cluster]"])
    assert "nbgrader" in needs.closure(["seeing-fairly[grading]"])
    assert not {"distributed", "nbgrader"} & needs.closure(["seeing-fairly"])


def test_what_only_grading_needs_is_not_imported_by_what_is_taught():
    """What the extras bring is not there where only the library is installed: `seeing` must do without."""
    project = tomllib.loads((ROOT / "lib" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [text for texts in project["optional-dependencies"].values() for text in texts]
    grading = {canonicalize_name(Requirement(text).name) for text in extras}
    assert {"nbgrader", "distributed"} <= grading
    used = set()
    for file in (ROOT / "lib" / "seeing").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                used.add(node.module.partition(".")[0])
    provided = {needs.providers().get(module) for module in used}
    assert not provided & grading
    assert provided - {None, LIBRARY} <= needs.closure(needs.library_requirements())
    assert needs.library_packages()["sklearn"].startswith("scikit-learn>=")
