"""Pictures are compared when notebooks are run again: planted changes fail, the same notebook passes.

One notebook holds a cell for each case. It is executed once, then some of its cells are changed, and it is run again
with the options of `make test`.
"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

ROOT = Path(__file__).parents[2]

START = """\
import io
import matplotlib.pyplot as plt
from IPython.display import HTML, JSON, SVG, Image, Markdown, display
from matplotlib.animation import FuncAnimation

def bars(height=.5, size=2):
    figure, ax = plt.subplots(figsize=(3, size))
    ax.bar([0, 1], [1, height])
    return figure

def written(format, height=.5):
    file = io.BytesIO()
    figure = bars(height)
    figure.savefig(file, format=format)
    plt.close(figure)
    return file.getvalue()

def moving(height=.5):
    figure = bars()
    bar = figure.axes[0].patches[1]
    animation = FuncAnimation(figure, lambda i: bar.set_height(height * i / 2), 3, blit=False)
    plt.close(figure)
    return HTML(animation.to_jshtml())
"""
# What the page's cell was, what this run's is, and what is said about it; None where it passes.
CASES = {
    "unchanged figure": ("bars(); plt.show()", "bars(); plt.show()", None),
    "changed figure": ("bars(); plt.show()", "bars(.525); plt.show()", r"Picture 1 differs .* spot \d+, allowed 30"),
    "second of two": ("bars(); bars(); plt.show()", "bars(); bars(.6); plt.show()", "Picture 2 differs"),
    "missing figure": ("bars(); plt.show()", "print(1)", "draws 0 pictures, the notebook holds 1"),
    "one too many": ("print(1)", "print(1); bars(); plt.show()", "draws 1 pictures, the notebook holds 0"),
    "another size": ("bars(); plt.show()", "bars(size=2.5); plt.show()", r"its size is \d+ x \d+ pixels"),
    "JPEG unchanged": ("Image(written('jpeg'), format='jpeg')",) * 2 + (None,),
    "JPEG changed": ("Image(written('jpeg'))", "Image(written('jpeg', .6))", "Picture 1 differs"),
    "shown wider": ("Image(written('png'), width=80)", "Image(written('png'), width=90)", "shown with"),
    "SVG unchanged": ("SVG(written('svg'))",) * 2 + (None,),
    "SVG changed": ("SVG(written('svg'))", "SVG(written('svg', .6))", r"its element \d+, <path>, has d"),
    "animation unchanged": ("moving()", "moving()", None),
    "animation changed": ("moving()", "moving(.6)", "Picture 3 differs"),
    "SVG inside HTML": ("HTML('<p>' + SVG(written('svg')).data + '</p>')",) * 2 + (None,),
    "text of HTML": ("HTML('<p>one</p>')", "HTML('<p>two</p>')", "mismatch 'text/html'"),
    "text of Markdown": ("Markdown('one')", "Markdown('two')", "mismatch 'text/markdown'"),
    "JSON": ("JSON({'a': 1})", "JSON({'a': 2})", "mismatch 'application/json'"),
    "print": ("print('one')", "print('two')", "mismatch 'stdout'"),
    "never run": (None, "1 + 1", "not run when the notebook was"),
    "never run, ignored": (None, "# NBVAL_IGNORE_OUTPUT\n1 + 1", None),
}  # fmt: skip


def made(folder: Path) -> Path:
    """The notebook as it was executed, then changed."""
    cells = [nbformat.v4.new_code_cell(source) for source in [START, *(page or "" for page, _, _ in CASES.values())]]
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    for cell, (_, now, _) in zip(notebook.cells[1:], CASES.values(), strict=True):
        cell.source = now
    file = folder / "pages" / "part" / "planted.ipynb"
    file.parent.mkdir(parents=True)
    nbformat.write(notebook, file)
    return file


def run_again(file: Path, *options: str) -> subprocess.CompletedProcess:
    """With the options of `make test`, all that pytest says in one text."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadscope", "-p", "tests.notebooks.plugin", "-rA"]
    command += ["--nbval", "--nbval-sanitize-with", ROOT / "tests" / "nbval.cfg", "--color", "no", *options, file]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    made(folder)
    run = run_again(folder / "pages", "--figure-differences", str(folder / "differences"))
    assert run.returncode == 1, run.stdout + run.stderr
    return folder, run.stdout


def verdict(said: str, cell: int) -> str:
    return re.search(rf"^(PASSED|FAILED) \S*planted.ipynb::Cell {cell}\b", said, re.MULTILINE)[1]


def report(said: str, cell: int) -> str:
    """What pytest says about a cell, from its heading to the next one."""
    return re.split(r"^_{3,} .*:Cell \d+ _{3,}$", said.split(f":Cell {cell} _", 1)[1].split("\n", 1)[1], flags=re.M)[0]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_planted(planted, case):
    _, said = planted
    cell, words = list(CASES).index(case) + 1, CASES[case][2]
    assert verdict(said, cell) == ("FAILED" if words else "PASSED")
    if words:
        assert re.search(words, report(said, cell)), report(said, cell)


@pytest.mark.slow
def test_both_pictures_are_drawn_and_named(planted):
    folder, said = planted
    differences = folder / "differences"
    drawn = {file.name for file in differences.iterdir()}
    for case, suffix in (("changed figure", "png"), ("another size", "png"), ("SVG changed", "svg")):
        cell = list(CASES).index(case) + 1
        name = f"part-planted-cell-{cell}-picture-1.{suffix}"
        assert name in drawn
        assert str(differences / name) in report(said, cell)
    unchanged = list(CASES).index("unchanged figure") + 1
    assert not [name for name in drawn if f"-cell-{unchanged}-" in name]
    with Image.open(
        differences / f"part-planted-cell-{list(CASES).index('changed figure') + 1}-picture-1.png"
    ) as sheet:
        assert sheet.width > 3 * 200


@pytest.mark.slow
def test_without_the_plugin_the_changed_figure_passes(planted):
    """Why the plugin is there; once nbval compares pictures, look at what is left to do here."""
    file = planted[0] / "pages" / "part" / "planted.ipynb"
    command = [sys.executable, "-m", "pytest", "-n", "0", "-rA", "--nbval", "--color", "no", file]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout
    assert verdict(said, list(CASES).index("changed figure") + 1) == "PASSED"
