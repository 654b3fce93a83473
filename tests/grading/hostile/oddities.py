"""Notebooks that are odd in content, without a trick: each is graded for what it holds."""

import base64
import json
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_output

from proctor.inspection import flags
from tests.grading.hostile.case import EITHER, Site, answering, editing, named, own

LONE = "\ud800"  # half a character: JSON can carry it, UTF-8 cannot


def deleted(*names: str):
    """An edit that deletes cells."""

    def edit(notebook):
        notebook.cells = [cell for cell in notebook.cells if flags(cell).get("grade_id") not in names]

    return edit


def copied(name: str, source: str | None = None, after: int = 1):
    """An edit that copies a cell, metadata and all."""

    def edit(notebook):
        cell = named(notebook, name)
        copy = deepcopy(cell)
        copy.id = f"{name}-again"
        copy.source = cell.source if source is None else source
        notebook.cells.insert(notebook.cells.index(cell) + after, copy)

    return edit


def pasted(notebook):
    """A test pasted as an ordinary cell, above the answer that it is for."""
    test = named(notebook, "test_softmax")
    notebook.cells.insert(2, own(test.source))
    notebook.cells.append(own(test.source))


def test_first(notebook):
    """A test moved above the answer."""
    test = named(notebook, "test_attention")
    notebook.cells.remove(test)
    notebook.cells.insert(1, test)


def answer_as_text(notebook):
    """An answer that is no code any more."""
    cell = named(notebook, "best")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]


def turned(notebook):
    """Tests turned to text by a slip of the keyboard."""
    for name, kind in [("test_softmax", "markdown"), ("test_best", "raw")]:
        cell = named(notebook, name)
        cell.cell_type = kind
        del cell["outputs"], cell["execution_count"]


def also_answer(notebook):
    """A test that says it is an answer too."""
    named(notebook, "test_attention").metadata.nbgrader.solution = True


def wild_flags(notebook):
    """nbgrader metadata of every wrong kind."""
    kinds = [
        None,
        7,
        [],
        "text",
        {"grade_id": ["a"]},
        {"grade_id": "test_best", "points": "many"},
        {"schema_version": 0},
    ]
    for kind in kinds:
        cell = own("pass")
        cell.metadata["nbgrader"] = kind
        notebook.cells.append(cell)
    named(notebook, "test_softmax").metadata.nbgrader.update(schema_version=99, points=float("nan"), checksum=None)
    named(notebook, "test_model").metadata.nbgrader = {"grade_id": "test_model"}


def foreign(notebook):
    """Another language's kernel."""
    notebook.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    notebook.metadata.language_info = {"name": "R", "file_extension": ".r", "version": "4.3"}


def strange_ids(notebook):
    """No ids, twice the same, not allowed ones."""
    for number, cell in enumerate(notebook.cells):
        cell["id"] = ["twice", "ж b", "x" * 500, ""][number % 4]
    del notebook.cells[1]["id"]
    return json.dumps(notebook)


def without_ids(notebook):
    """As older editors write it."""
    for cell in notebook.cells:
        del cell["id"]
    notebook.nbformat_minor = 2
    return json.dumps(notebook)


def blobs(notebook):
    """Outputs of every kind, none of which belongs there."""
    packed = base64.b64encode(b"PK\x03\x04" + b"\x00" * 1000).decode()
    named(notebook, "softmax").outputs = [
        new_output("display_data", {"application/zip": packed, "image/png": packed, "text/html": "<script>"}),
        new_output("stream", name="stdout", text="\x1b]0;title\x07\x1b[2J" + "\r" * 99),
    ]
    markdown = new_markdown_cell("![](attachment:a.zip) <script>alert(1)</script>")
    markdown["attachments"] = {"a.zip": {"application/zip": packed}}
    notebook.cells.append(markdown)


def fifty_megabytes(notebook):
    """A notebook as large as pictures make it, in outputs and attachments."""
    picture = "QUJD" * (25 << 18)
    named(notebook, "softmax").outputs = [new_output("display_data", {"image/png": picture})]
    markdown = new_markdown_cell("![](attachment:large.png)")
    markdown["attachments"] = {"large.png": {"image/png": picture}}
    notebook.cells.append(markdown)


def nested(levels: int = 5_000) -> str:
    """A list in a list in a list, as JSON."""
    return "[" * levels + "]" * levels


def deep_metadata(notebook):
    """Metadata nested deeper than a reader goes."""
    notebook.metadata["deep"] = "BOTTOM"
    return nbformat.writes(notebook).replace('"BOTTOM"', nested())


def deep_outputs(notebook):
    """Outputs nested deeper than a reader goes."""
    named(notebook, "softmax").outputs = [new_output("display_data", {"application/json": "BOTTOM"})]
    return nbformat.writes(notebook).replace('"BOTTOM"', nested())


def numbers(notebook):
    """Numbers that JSON has no place for, and some that Python refuses to read."""
    notebook.metadata["numbers"] = [float("nan"), float("inf"), -float("inf"), "LONG"]
    return nbformat.writes(notebook).replace('"LONG"', "1e999, " + "9" * 5000)


def half_characters(notebook):
    """Half a character in code, text and metadata."""
    notebook.cells += [own(f"# {LONE}\nx = '{LONE}'"), new_markdown_cell(LONE)]
    notebook.metadata["title"] = LONE
    return json.dumps(notebook)


def unreadable_code(notebook):
    """Code that ends a parser, in cells of its own."""
    sources = [
        "x = '\0'",
        "(" * 9999,
        "-" * 99_999 + "1",
        "x = 1\fy\v= 2",
        "\ufeffx = 1",
        "é" * 99,
    ]
    notebook.cells[1:1] = [own(source) for source in sources]


def many_cells(notebook):
    """Far too many cells."""
    notebook.cells += [own("pass") for _ in range(500)]


DISPLAYS = """
from IPython.display import HTML, display
display({"image/png": "no base64 at all", "application/json": {"a": [1]}, "x/y": "z"}, raw=True)
display(HTML("</script></pre></div><script>document.body.innerHTML = 'twelve points'</script><!--"))
kernel = get_ipython().kernel
for kind, content in [
    ("display_data", {}),
    ("display_data", {"data": {"text/plain": ["a", 1]}, "metadata": 7}),
    ("execute_result", {"data": [], "metadata": {}, "execution_count": "x"}),
    ("stream", {"name": "nowhere", "text": 7}),
    ("error", {"ename": None, "evalue": {}, "traceback": "none"}),
    ("update_display_data", {"data": {}, "metadata": {}, "transient": {"display_id": []}}),
    ("clear_output", {"wait": "x"}),
    ("status", {"execution_state": "idle"}),
    ("no such message", {"a": 1}),
]:
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())
"""


def many_files(folder: Path, site: Site) -> None:
    """More notebooks than one, and much else."""
    for name in ("ps1-Copy1.ipynb", "other.ipynb", ".ipynb_checkpoints/ps1-checkpoint.ipynb"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text('{"cells": 7}')
    for number in range(500):
        (folder / f"{number}.txt").write_text("x")
    (folder / ("n" * 255)).write_text("x")
    (folder / "line\nbreak.txt").write_text("x")


def timestamp(text: bytes):
    """A file with the time of the submission, which nbgrader reads."""
    return lambda folder, site: (folder / "timestamp.txt").write_bytes(text)


CASES = [
    editing("test deleted", deleted("test_softmax"), shows="put back"),
    editing("all tests deleted", deleted("setup", *(f"test_{n}" for n in ("softmax", "attention", "best", "model")))),
    editing("answer deleted", deleted("best"), {"test_best": 0}),
    editing("test copied", copied("test_attention", after=0)),
    editing("answer copied", copied("attention", "# my scratch copy")),
    editing("test pasted", pasted),
    editing("test moved up", test_first, {"test_attention": EITHER["test_attention"]}),
    editing("test turned to text", turned),
    editing("test called an answer", also_answer),
    editing("answer turned to text", answer_as_text, {"test_best": EITHER["test_best"]}),
    editing("flags of every kind", wild_flags),
    editing("another language", foreign),
    editing("ids, strange", strange_ids),
    editing("ids, none", without_ids),
    editing("blobs in outputs", blobs),
    editing("50 MB", fifty_megabytes),
    editing("deep metadata", deep_metadata, EITHER),
    editing("deep outputs", deep_outputs, EITHER),
    editing("numbers out of range", numbers, EITHER),
    editing("half a character", half_characters),
    editing("code that ends parsers", unreadable_code),
    answering("a name without end", EITHER, after="x" + ".a" * 99_999),
    editing("500 cells", many_cells),
    answering("displays, invalid", before=DISPLAYS),
    answering("half a character printed", after=r"print('\ud800')" + "\n" + r"'\udfff'"),
    answering("王小明 🎓 {0} %s", after="変数 = '王小明'\nprint(変数)", shows="王小明"),
    answering("[brackets]*", EITHER),
    answering("many files", files=many_files),
    answering("timestamp, garbage", files=timestamp(b"\xff\x00 yesterday")),
    answering("timestamp, year 99999", files=timestamp(b"99999-13-45 99:99:99 Mars/Olympus")),
]
