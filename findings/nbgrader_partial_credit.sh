#!/bin/sh
# nbgrader gives full marks for a test that ends in a zero, if the zero is numpy's.
#
# nbgrader 0.9.6 (PyPI), with ipykernel and numpy 2. The value of a test's last line is its partial credit, read from
# what the kernel PRINTED of it: `nbgrader.utils.determine_grade` calls `float(...)` on the text. What is no number as
# text counts as ALL the points, with a line in the log. Since numpy 2 prints `np.float64(0.0)` where numpy 1 printed
# `0.0`, an average, a sum or a score computed with numpy gives all the points whatever it is; so do `False`, `'0'`
# and a Fraction. A negative number and nan count as all the points, too. A number above the cell's points raises ValueError,
# which stops the grading of the whole submission. And where a cell displays two results, or one and then fails, the first decides:
# a failed assertion after a displayed 3 costs nothing.
#
# A good engineer would guess: a value that cannot be read is an error of the test, or no points. Seen:
#
#   0.0                             0.0 of 3
#   np.float64(0.0)                 3.0 of 3
#   np.float64(0.0).item()          0.0 of 3
#   False                           3.0 of 3
#   '0'                             3.0 of 3
#   Fraction(0)                     3.0 of 3
#   -1                              3.0 of 3
#   float('nan')                    3.0 of 3
#   0.0;                            3.0 of 3
#   6                               ValueError: partial credit cannot be greater than maximum points for cell
#   a 3 displayed, then a failure   3.0 of 3
#
# Exits 1 when one of these changes.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages="nbgrader==0.9.6 numpy==2.4.6 ipykernel==7.3.0 setuptools==80.9.0"
if command -v uv >/dev/null; then
    uv venv -q venv
    uv pip install -q --python venv/bin/python $packages
else
    python3 -m venv venv
    venv/bin/pip install -q --disable-pip-version-check $packages
fi
PATH="$folder/venv/bin:$PATH"
export PATH IPYTHONDIR="$folder/ipython" JUPYTER_CONFIG_DIR="$folder/config" JUPYTER_DATA_DIR="$folder/data"
python -m ipykernel install --prefix "$folder/venv" --name python3 >/dev/null 2>&1

cat >look.py <<'PYTHON'
import sys

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

EXPECTED = {
    "0.0": 0.0,
    "np.float64(0.0)": 3.0,
    "np.float64(0.0).item()": 0.0,
    "False": 3.0,
    "'0'": 3.0,
    "Fraction(0)": 3.0,
    "-1": 3.0,
    "float('nan')": 3.0,
    "0.0;": 3.0,
    "6": "ValueError: partial credit cannot be greater than maximum points for cell",
    "sys.displayhook(3); assert False": 3.0,
}


def test(number, source):
    """A test cell worth three points, as nbgrader's own editor marks it."""
    flags = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, "cell_type": "code"}
    return new_code_cell(source, metadata={"nbgrader": {**flags, "grade_id": f"test_{number}", "points": 3}})


def graded(cell):
    """Its points, or the error that ends the grading."""
    try:
        points, most = determine_grade(cell)
    except ValueError as error:
        return f"ValueError: {error}"
    assert most == 3
    return points


cells = [test(number, source) for number, source in enumerate(EXPECTED)]
setup = new_code_cell("import sys\nfrom fractions import Fraction\nimport numpy as np")
notebook = new_notebook(cells=[setup, *cells])
nbformat.validate(notebook)
NotebookClient(notebook, timeout=600, startup_timeout=600, kernel_name="python3", allow_errors=True).execute()
changed = False
for cell in notebook.cells[1:]:
    found = graded(cell)
    note = "" if found == EXPECTED[cell.source] else f"   CHANGED: was {EXPECTED[cell.source]}"
    changed = changed or bool(note)
    print(f"{cell.source:34}{found}{' of 3' if isinstance(found, float) else ''}{note}")
sys.exit(changed)
PYTHON
python look.py
