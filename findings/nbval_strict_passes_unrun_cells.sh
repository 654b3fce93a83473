#!/bin/sh
# nbval 0.11.0 (with pytest 9.2.0): `pytest --nbval` runs a cell that the stored notebook never ran (its
# `execution_count` is null, its outputs are empty), but compares nothing: whatever the cell prints now, it passes.
# A run cell without outputs that prints now fails: the control. (Outputs without a count are an error, as one expects.)
#
# Seen on Python 3.11:
#   unrun, prints now: passes (exit 0)
#   run without output, prints now: fails (exit 1)
#
# So a notebook whose second half was not executed, by a build that stopped or a tool that drops the counts with the
# outputs, passes the strict check.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages="nbval==0.11.0 pytest==9.2.0 ipykernel==7.4.0"
if command -v uv >/dev/null; then
  uv venv --quiet environment
  # shellcheck disable=SC2086
  uv pip install --quiet --python environment/bin/python $packages
else
  python3 -m venv environment
  # shellcheck disable=SC2086
  environment/bin/pip install --quiet --disable-pip-version-check $packages
fi

cat >write.py <<'PYTHON'
"""Two notebooks with one cell that prints, and no stored output: in one the cell counts as run."""
import nbformat

for name, count in [("unrun", None), ("run", 1)]:
    cell = nbformat.v4.new_code_cell("print('something')", execution_count=count)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), f"{name}.ipynb")
PYTHON
environment/bin/python write.py

check() { # a notebook, the exit status expected
  status=0
  environment/bin/python -m pytest -q -p no:cacheprovider --nbval --nbval-current-env "$1.ipynb" >"$1.log" 2>&1 || status=$?
  echo "$1, prints now: exit $status, expected $2"
  [ "$status" -eq "$2" ] || { cat "$1.log"; exit 1; }
}
check unrun 0
check run 1
