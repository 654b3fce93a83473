"""The first cell of a notebook to download: it installs what the others need, where that is missing."""

import json

import nbformat

from . import needs

SETUP = """\
# The course library, and what this page needs besides it: installed here only where it is missing, as on Colab.
import importlib.util
import subprocess
import sys

page = {page}
library = {library}


def missing(packages):
    return [name for module, name in packages.items() if importlib.util.find_spec(module) is None]


def install(*names):
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *names], check=True)
    importlib.invalidate_caches()


needed = missing(page)
if importlib.util.find_spec("seeing") is None:
    if importlib.util.find_spec("torch") is None:
        needed.append("{requirement}")
    else:
        # where torch is, as on Colab, what is there stays: pip might replace a torch that was built for the host's GPU
        needed += missing(library)
        install("--no-deps", "{requirement}")
if needed:
    install(*needed)
"""


def first_cell(notebook: nbformat.NotebookNode, requirement: str) -> nbformat.NotebookNode:
    """The cell that makes the others run: folded, and silent where all is installed."""
    page, library = (
        json.dumps(packages, indent=4) for packages in (needs.page_packages(notebook), needs.library_packages())
    )
    cell = nbformat.v4.new_code_cell(SETUP.format(page=page, library=library, requirement=requirement))
    cell.metadata["jupyter"] = {"source_hidden": True}
    return cell
