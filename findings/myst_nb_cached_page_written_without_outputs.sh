#!/bin/sh
# myst-nb 1.4.0 (with Sphinx 7.4.7, jupyter-cache 1.0.1), `nb_execution_mode = "cache"`: each build writes every page as a
# notebook into `jupyter_execute`, beside the html. The build that runs a page writes it with its outputs. A build that
# finds them in the cache shows them in the html as well, but writes the notebook without any: no outputs, no counts.
#
# Seen on Python 3.11, one page that prints 42, built twice from nothing with one cache:
#   first build (runs the page):    html shows 42, notebook has 1 output, count 1
#   second build (finds it cached): html shows 42, notebook has 0 outputs, count None
#
# So a tool that takes `jupyter_execute` for the executed notebooks, to test or to publish them, gets unexecuted ones on
# all machines where the cache was kept. With a strict check that passes unrun cells (nbval does) nobody notices.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages="myst-nb==1.4.0 Sphinx==7.4.7 jupyter-cache==1.0.1 ipykernel==7.4.0"
if command -v uv >/dev/null; then
  uv venv --quiet environment
  # shellcheck disable=SC2086
  uv pip install --quiet --python environment/bin/python $packages
else
  python3 -m venv environment
  # shellcheck disable=SC2086
  environment/bin/pip install --quiet --disable-pip-version-check $packages
fi
environment/bin/python -m ipykernel install --sys-prefix --name python3 >/dev/null 2>&1

mkdir book
cat >book/conf.py <<PYTHON
extensions = ["myst_nb"]
nb_execution_mode = "cache"
nb_execution_cache_path = "$folder/cache"
PYTHON
cat >book/index.md <<'MARKDOWN'
---
file_format: mystnb
kernelspec: {name: python3}
---
# A page

```{code-cell}
print(6 * 7)
```
MARKDOWN
cat >seen.py <<'PYTHON'
"""What a build left: whether the page shows 42, and how many outputs and which count its notebook has."""
import sys
from pathlib import Path

import nbformat

built = Path(sys.argv[1])
cell = next(c for c in nbformat.read(built / "jupyter_execute/index.ipynb", as_version=4).cells if c.cell_type == "code")
print("42" in (built / "html/index.html").read_text(), len(cell.outputs), cell.execution_count)
PYTHON

check() { # a build's name, what is expected
  environment/bin/python -m sphinx -q -b html book "$1/html" >"$1.log" 2>&1 || { cat "$1.log"; exit 1; }
  seen=$(environment/bin/python seen.py "$1")
  echo "$1: html shows 42, outputs, count: $seen; expected $2"
  [ "$seen" = "$2" ] || exit 1
}
check first "True 1 1"
check second "True 0 None"
