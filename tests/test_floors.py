"""The floors of `tests/floors.py`, and no import in a circle: a change reaches only what stands above it."""

import re
from pathlib import Path

import pytest

from tests import floors_drawn
from tests.floors import APART, FLOORS
from tests.imports import circles, imports, modules

LIB = Path(__file__).parents[1] / "lib"
FOUND = {package: modules(LIB / package) for package in APART}
GRAPHS = {
    package: {name: imports(name, path, set(found)) for name, path in found.items()} for package, found in FOUND.items()
}
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}


def room(name: str) -> str:
    """The part of `seeing` that a module is in: "ops" of "seeing.ops.nms", and "" of "seeing" itself."""
    return name.split(".")[1] if "." in name else ""


def too_high(graph: dict[str, set[str]]) -> list[str]:
    """The imports that do not lead downstairs."""
    steps = [(name, other) for name in graph for other in graph[name] if other.split(".")[0] == "seeing"]
    return [
        f"{name} imports {other}"
        for name, other in sorted(steps)
        if room(name) != room(other) and not (room(other) and FLOOR[room(other)] < FLOOR[room(name)])
    ]


def test_every_import_leads_downstairs():
    graph = {name: found for name, found in GRAPHS["seeing"].items() if room(name)}
    assert {room(name) for name in graph} <= set(FLOOR), "a package without a floor: tests/floors.py gives it one"
    assert too_high(graph) == []


@pytest.mark.parametrize("package", APART)
def test_no_circle(package):
    assert circles(GRAPHS[package]) == []


@pytest.mark.parametrize(("package", "other"), [APART, APART[::-1]])
def test_the_two_packages_do_not_know_each_other(package, other):
    found = [f"{name} imports {one}" for name in GRAPHS[package] for one in GRAPHS[package][name]]
    assert [line for line in found if re.search(rf"imports {other}\b", line)] == []


def test_grading_does_not_even_name_the_library():
    """Not in a string, not in an example: what a course's notebooks import is for its `nbgrader_config.py` to say.

    `seeing-fairly`, the distribution that holds both, is what a person installs.
    """
    files = [path for path in (LIB / "proctor").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert len(files) > 50
    assert [str(path) for path in files if re.search(r"\bseeing\b(?!-fairly)", path.read_text(encoding="utf-8"))] == []


@pytest.fixture
def house(tmp_path):
    """A function that writes a package `seeing`, file -> text, and gives its imports."""

    def build(texts: dict[str, str]) -> dict[str, set[str]]:
        for name, text in texts.items():
            path = tmp_path / "seeing" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        found = modules(tmp_path / "seeing")
        return {name: imports(name, path, set(found)) for name, path in found.items()}

    return build


def test_how_imports_are_read(house):
    graph = house(
        {
            "__init__.py": "",
            "arrays.py": "def check(): ...",
            "ops/__init__.py": "from .nms import nms",
            "ops/nms.py": "import math, seeing.arrays\nfrom seeing.arrays import check\n"
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from seeing import models\nelse:\n    import json",
            "ops/iou.py": "def f():\n    from . import nms\n    from .nms import one\n    from ..arrays import check",
        }
    )
    assert graph == {
        "seeing": set(),
        "seeing.arrays": set(),
        "seeing.ops": {"seeing.ops.nms"},
        "seeing.ops.nms": {"math", "seeing.arrays", "typing", "json"},
        "seeing.ops.iou": {"seeing.ops.nms", "seeing.arrays"},
    }


def test_an_import_upstairs_is_found(house):
    graph = house(
        {
            "kernels/cpu/a.py": "def f():\n    from seeing import ops",
            "ops/__init__.py": "from seeing.kernels.cpu import a\nimport seeing.data.d",
            "data/d.py": "import seeing",
            "metrics/m.py": "from seeing import ops\nimport seeing.data.d",
        }
    )
    assert too_high(graph) == [
        "seeing.data.d imports seeing",
        "seeing.kernels.cpu.a imports seeing.ops",
        "seeing.ops imports seeing.data.d",
    ]


def test_circles_are_found():
    graph = {"a": {"b"}, "b": {"c", "math"}, "c": {"b"}, "d": {"a", "e"}, "e": {"f"}, "f": {"g"}, "g": {"e"}}
    assert circles(graph) == [["b", "c"], ["e", "f", "g"]]
    assert circles({"a": {"b"}, "b": set()}) == []
    assert circles({}) == []


def test_the_drawing_shows_the_table():
    """`python -m tests.floors_drawn` writes it anew."""
    assert floors_drawn.DRAWING.read_text(encoding="utf-8") == floors_drawn.drawing()
