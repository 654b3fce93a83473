#!/usr/bin/env bash
# What `import jsonschema` costs where the extra for formats is installed, as jupyter-events (so every Jupyter) asks for it.
#
# Seen with jsonschema[format-nongpl] 4.24.1 and 4.25.1, rfc3987-syntax 1.1.0, lark 1.3.1:
#
#     jsonschema   grammars built at import   seconds (a busy machine)
#     4.24.1                              0                      .2
#     4.25.1                             39                     5.4
#
# From 4.25 the extra checks internationalised addresses with rfc3987-syntax, which builds a parser for each of 39
# rules when it is imported, and jsonschema imports it when it is imported itself, whether a schema names the format or not.
# Everything that reads a notebook (nbformat, nbclient, nbconvert, nbgrader) pays it once a process.
#
# Exits 0 while this is so, and 1 if the number of grammars changes. The seconds are shown, not held.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/see.py" <<'PYTHON'
import sys
import time

try:
    import lark
except ImportError:
    built = None
else:
    built, make = 0, lark.Lark.__init__

    def count(self, *args, **options):
        global built
        built += 1
        make(self, *args, **options)

    lark.Lark.__init__ = count
began = time.perf_counter()
import jsonschema

took = time.perf_counter() - began
print(f"{sys.argv[1]:12}{built or 0:>27}{took:>24.1f}")
if (built or 0) != int(sys.argv[2]):
    sys.exit("This is no longer what was seen.")
PYTHON
echo "jsonschema     grammars built at import                 seconds"
for seen in "4.24.1 0" "4.25.1 39"; do
  set -- $seen
  packages="jsonschema[format-nongpl]==$1 rfc3987-syntax==1.1.0 lark==1.3.1"
  if command -v uv >/dev/null; then
    uv venv --quiet "$folder/$1" && uv pip install --quiet --python "$folder/$1/bin/python" $packages
  else
    python3 -m venv "$folder/$1" && "$folder/$1/bin/pip" install --quiet --disable-pip-version-check $packages
  fi
  "$folder/$1/bin/python" "$folder/see.py" "$1" "$2"
done
