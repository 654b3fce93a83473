"""`import seeing` is quick because it loads nothing; what it offers comes when it is asked for."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import seeing

PACKAGE = Path(seeing.__file__).parent
ROOMS = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
INNER = {"__init__", "moved", "renamed", "warm_up", "whole_file"}  # what the rooms stand on, not what is in them
FRONT = {"seeing", "seeing.moved"}  # old names must be known before the first is asked for


def loaded_by(code: str) -> set[str]:
    """The modules that some lines load in a fresh Python, those of the standard library apart."""
    program = (
        f"import sys\nbefore = set(sys.modules)\n{code}\nimport json\nprint(json.dumps([*set(sys.modules) - before]))"
    )
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    return {name for name in json.loads(said) if name.partition(".")[0] not in sys.stdlib_module_names}


def test_the_package_alone_loads_nothing_else():
    assert loaded_by("import seeing") == FRONT
    assert loaded_by("import seeing; dir(seeing); seeing.__version__; hasattr(seeing, 'nowhere')") == FRONT


def test_a_room_is_loaded_where_it_is_asked_for():
    """`seeing.recorded` needs the standard library only, so that what is loaded can be counted whole."""
    recorded = {"seeing.recorded", "seeing.whole_file"}
    assert loaded_by("import seeing; assert seeing.recorded.names()") == FRONT | recorded
    loaded = loaded_by("import seeing; seeing.ops.nms")
    assert {"seeing.ops.nms", "torch"} <= loaded
    assert not {name for name in loaded if name.startswith(("seeing.models", "seeing.data", "matplotlib"))}


def test_every_room_is_offered_and_is_the_module():
    assert set(seeing.__all__) == ROOMS - INNER
    assert seeing.__all__ == sorted(seeing.__all__)
    for name in seeing.__all__:
        assert getattr(seeing, name) is importlib.import_module(f"seeing.{name}")
    assert {*seeing.__all__, "__version__", "__file__"} <= set(dir(seeing))


def test_type_checkers_see_every_room():
    """They read the imports under TYPE_CHECKING and do not run `__getattr__`."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "seeing"]
    assert {alias.name for node in imports for alias in node.names} == set(seeing.__all__)


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match=r"has no attribute 'nms'; it has arrays, .*, ops, "):
        seeing.nms  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'nms'"):
        from seeing import nms  # noqa: F401


def test_what_a_room_lacks_is_not_hidden():
    """Where torch is missing, the message names torch, not the room."""
    program = "import sys; sys.modules['torch'] = None; import seeing; seeing.ops"
    ran = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "ModuleNotFoundError: import of torch halted" in ran.stderr
