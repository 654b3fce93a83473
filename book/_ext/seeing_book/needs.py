"""Which packages a page's code needs beyond the library's own dependencies: its notebook's first cell installs them.

A page is written where everything of requirements.txt is installed; its notebook is run where only the library may be.
So what the cells import is read off their syntax, and looked up in requirements.txt for the version.
"""

import ast
import csv
import functools
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
OURS = {"seeing", "proctor"}
JUPYTER = "ipykernel"  # what runs a notebook brings this and what it needs: IPython above all


def imported(notebook: nbformat.NotebookNode) -> set[str]:
    """The top-level modules that the cells import, inside functions too, and by `importlib.import_module("name")`."""
    plain = TransformerManager().transform_cell  # a line such as `%matplotlib inline` is no Python
    found = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for node in ast.walk(ast.parse(plain(cell.source))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.partition(".")[0])
            elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in {"import_module", "__import__"}:
                    found.add(str(node.args[0].value).partition(".")[0])
    return found


@functools.cache
def providers() -> dict[str, str]:
    """From a module to the installed package that brings it, by the files each package lists."""
    found = {}
    for package in importlib.metadata.distributions():
        name = canonicalize_name(package.name)  # once: it is read from a file each time
        for path, *_ in csv.reader((package.read_text("RECORD") or "").splitlines()):
            top, *below = path.split("/")
            if top.endswith(".py") and not below:
                found[top.removesuffix(".py")] = name
            elif below and top.isidentifier():
                found.setdefault(top, name)
    return found


def closure(requirements: list[str]) -> set[str]:
    """The packages that `requirements` install here: those named, what they require, and so on."""
    found, left = set(), [Requirement(text) for text in requirements]
    while left:
        one = left.pop()
        key = (canonicalize_name(one.name), *sorted(one.extras))
        if key in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(key)
        try:
            required = importlib.metadata.requires(one.name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for text in required:
            further = Requirement(text)
            if not further.marker or any(further.marker.evaluate({"extra": extra}) for extra in {"", *one.extras}):
                further.marker = None
                left.append(further)
    return {name for name, *_ in found}


def library_requirements() -> list[str]:
    """What the wheel declares; its extras are for grading, which no page needs."""
    return tomllib.loads((ROOT / "lib" / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


@functools.cache
def library_packages() -> dict[str, str]:
    """From the module that tells whether a dependency of the library is installed to what pip installs for it."""
    packages = {}
    for text in library_requirements():
        name = canonicalize_name(Requirement(text).name)
        modules = sorted(module for module, package in providers().items() if package == name)
        packages[name if name in modules else modules[0]] = text.replace(" ", "")
    return packages


@functools.cache
def at_hand() -> set[str]:
    """The packages that are installed wherever the library is and a notebook runs."""
    return closure(library_requirements()) | closure([JUPYTER])


def pinned() -> dict[str, str]:
    """From a package's name to its line of requirements.txt, without what the line says it is for."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    texts = [re.sub(r"\s+#.*", "", line).strip() for line in lines if not line.startswith(("#", "-"))]
    return {canonicalize_name(Requirement(text).name): text for text in texts if text}


def page_packages(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """What a page needs besides the library: from each module to what pip installs for it, by name.

    Raises:
        ValueError: if a cell imports what requirements.txt does not list.
    """
    packages = {}
    for module in sorted(imported(notebook) - OURS - set(sys.stdlib_module_names)):
        name = providers().get(module)
        if name in at_hand():
            continue
        if name not in pinned():
            raise ValueError(
                f"a cell imports {module!r}, which neither the library brings nor requirements.txt lists: a reader "
                "who downloads the notebook cannot run it. Add its package to requirements.txt, with what it is for"
            )
        packages[module] = pinned()[name]
    return packages
