"""Fields are documented one way: in the `Attributes:` of their class, where `help` shows them."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from tests.seeing.public import modules, records

# What a compiled loop takes is described where the loop is.
RECORDS = {path: (kind, fields) for path, kind, fields in records() if not path.startswith("seeing.kernels.")}


def documented(kind: type) -> set[str]:
    """The names that the `Attributes:` of a class, and of the dataclasses that it extends, have a line for."""
    text = inspect.getdoc(kind) or ""
    section = re.search(r"^Attributes:\n((?: .*\n?|\n)+)", text, re.MULTILINE)
    lines = re.findall(r"^    (\w+(?:, \w+)*): \S", section[1], re.MULTILINE) if section else []
    return {name for line in lines for name in line.split(", ")}


def test_the_walk_finds_them():
    assert len(RECORDS) > 80
    assert {"seeing.data.world.world.World", "seeing.data.target.Detections", "seeing.metrics.bootstrap.Interval"} <= (
        RECORDS.keys()
    )


@pytest.mark.parametrize("path", RECORDS)
def test_every_public_field_is_described_in_its_class(path):
    kind, fields = RECORDS[path]
    assert set(fields) - documented(kind) == set()


def test_no_text_stands_under_a_field():
    """A second way to say it, which `help` does not show."""
    stray = []
    for module in modules():
        for kind in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(kind, ast.ClassDef):
                pairs = zip(kind.body, kind.body[1:], strict=False)
                stray += [
                    f"{module.__name__}.{kind.name}.{field.target.id}"
                    for field, text in pairs
                    if isinstance(field, ast.AnnAssign)
                    and isinstance(text, ast.Expr)
                    and isinstance(text.value, ast.Constant)
                ]
    assert stray == []
