"""The mutant banks: `mutants/<assignment>/<exercise>/<kind>/*.py`.

Kinds are `wrong`, `right` and, where the exercise has a rule such as "without `conv_transpose2d`", `forbidden`: right
numbers, by calling what the rule forbids.
"""

from pathlib import Path

import pytest

BANKS = Path(__file__).parent / "mutants"
LEAST = {"wrong": 6, "right": 2, "forbidden": 4}  # files an exercise
TIMEOUT = 60  # seconds a cell, those in which others have the processors apart: no file takes a third of it


def every(kind: str) -> pytest.MarkDecorator:
    """Run a test for each `file` of a kind, named so that a failure says which one to open."""
    files = sorted(BANKS.glob(f"*/*/{kind}/*.py"))
    names = [str(file.relative_to(BANKS).with_suffix("")) for file in files]
    return pytest.mark.parametrize("file", files, ids=names)
