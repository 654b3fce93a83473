"""`without` in a notebook run as nbgrader runs it: the text of the cells is read, nothing is printed."""

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

SETUP = "import torch\nimport torch.nn.functional as F\nfrom proctor.rules import without"
TEST = "with without('conv_transpose2d'):\n    y = stamp(torch.ones(1, 1, 2, 2))"


def test_reads_the_cells_of_a_real_kernel():
    sources = [
        SETUP,
        "def stamp(x):\n    return x if len(x) < 9 else F.conv_transpose2d(x, x)",
        TEST,
        "def stamp(x):\n    return 2 * x  # not with F.conv_transpose2d",
        TEST,
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=3600, startup_timeout=1200, allow_errors=True, kernel_name="python3").execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert [len(one) for one in outputs] == [0, 0, 1, 0, 0], nbformat.writes(notebook)
    assert outputs[2][0].ename == "RuleBroken"
    assert "torch.nn.functional.conv_transpose2d (in `stamp`)" in outputs[2][0].evalue
