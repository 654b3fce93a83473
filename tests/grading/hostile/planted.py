"""Wrong answers with something planted in the notebook's metadata, or in the files beside it: no marks, ever."""

from pathlib import Path

from nbformat.v4 import new_output

from proctor.inspection import flags
from tests.grading.hostile.case import NOTHING, WRONG, Site, editing, named, own


def graded(notebook):
    """The graded cells."""
    return [cell for cell in notebook.cells if flags(cell).get("grade")]


def skipped(notebook):
    """Tags with which executors skip a cell, or forgive it."""
    for cell in graded(notebook):
        cell.metadata.tags = ["skip-execution", "raises-exception", "remove-cell"]


def executed_before(notebook):
    """Outputs that look as if the tests had passed."""
    skipped(notebook)
    for cell in graded(notebook):
        cell.outputs = [new_output("execute_result", {"text/plain": "4.0"}, execution_count=7)]
        cell.execution_count = 7
    notebook.metadata["proctor"] = {"executed": True, "submitted": "0", "tests": "0", "seconds": 0}


def emptied(notebook):
    """Tests without content, worth more than there is."""
    for cell in graded(notebook):
        cell.source = "pass"
        cell.metadata.nbgrader.update(points=1000, locked=False)


def answered_by_hand(notebook):
    """Tests said to be answers that a person reads, or no tests at all."""
    for cell, key in zip(graded(notebook), ["solution", "task", "grade", "locked"], strict=True):
        cell.metadata.nbgrader[key] = not cell.metadata.nbgrader[key]


def turned_to_text(notebook):
    """Tests that do not run, for they are text."""
    for cell, kind in zip(graded(notebook), ["markdown", "raw", "markdown", "raw"], strict=True):
        cell.cell_type = kind
        del cell["outputs"], cell["execution_count"]


def own_points(notebook):
    """Cells of one's own that are worth a lot, before and after everything else."""
    for name, place in [("bonus", 0), ("test_softmax", len(notebook.cells)), ("setup", 1)]:
        cell = own("1000.0")
        cell.metadata.nbgrader = {**named(notebook, "test_best").metadata.nbgrader, "grade_id": name, "points": 1000}
        notebook.cells.insert(place, cell)


def setup_replaced(notebook):
    """The locked first cell says something else."""
    named(notebook, "setup").source = "import math, torch\nfrom torch import nn\ntorch.allclose = lambda *a, **k: True"


def ended_early(notebook):
    """A failing assert that leaves the notebook without a word."""
    notebook.cells.append(own("raise SystemExit(0)"))
    notebook.cells[0:0] = [own("import builtins\nbuiltins.AssertionError = SystemExit")]


PATCHING = """
import builtins
builtins.isinstance = lambda *a: True
try:
    import torch, torch.testing
    torch.allclose = lambda *a, **k: True
    torch.testing.assert_close = lambda *a, **k: None
except Exception:
    pass
"""


def modules(folder: Path, site: Site) -> None:
    """Modules in the working folder, named like those that a test imports first."""
    for name in ("math", "torch", "proctor", "IPython", "sitecustomize", "usercustomize", "json", "socket", "ast"):
        (folder / f"{name}.py").write_text(
            "import importlib.machinery as m, sys\n"
            "others = [one for one in sys.path if one not in ('', '.') and not __file__.startswith(one)]\n"
            "spec = m.PathFinder.find_spec(__name__, others)\n"
            "sys.modules.pop(__name__, None)\n"
            "if spec:\n"
            "    real = __import__('importlib.util').util.module_from_spec(spec)\n"
            "    sys.modules[__name__] = real\n"
            "    spec.loader.exec_module(real)\n" + PATCHING
        )


def configuration(folder: Path, site: Site) -> None:
    """Configuration that tools read from the working folder."""
    lines = "c = get_config()\nc.InteractiveShellApp.exec_lines = [{!r}]\nc.Execute.timeout = 1\n"
    for name in ("ipython_config", "ipython_kernel_config", "jupyter_config", "nbgrader_config", "nbconvert_config"):
        (folder / f"{name}.py").write_text(lines.format(PATCHING))
    startup = folder / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text(PATCHING)
    (folder / "gradebook.db").write_bytes(b"")
    (folder / "ps1.html").write_text("<h1>12 / 12</h1>")


CASES = [
    editing("tests skipped by tag", skipped, NOTHING, **WRONG),
    editing("outputs from before", executed_before, NOTHING, **WRONG),
    editing("tests emptied", emptied, NOTHING, **WRONG),
    editing("tests for a person to read", answered_by_hand, NOTHING, **WRONG),
    editing("tests turned to text", turned_to_text, NOTHING, **WRONG),
    editing("points of one's own", own_points, NOTHING, **WRONG),
    editing("setup replaced", setup_replaced, NOTHING, **WRONG),
    editing("asserts that exit", ended_early, NOTHING, **WRONG),
    editing("modules planted", lambda notebook: None, NOTHING, files=modules, **WRONG),
    editing("configuration planted", lambda notebook: None, NOTHING, files=configuration, **WRONG),
]
