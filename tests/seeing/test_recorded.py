"""The records behind the pages: named, rounded, replaced whole, and each made by a command that is there."""

import json
from pathlib import Path

import pytest

from seeing import recorded

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", recorded.names())
def test_the_command_is_there(name):
    program, script, *_ = recorded.load(name)["command"].split()
    if program == "make":
        assert f"\n{script}: " in (ROOT / "Makefile").read_text()
    else:
        assert program == "python"
        assert (ROOT / script).is_file()


def test_a_name_stands_in_one_part_only():
    files = [path.stem for path in recorded.FOLDER.glob("*/*.json")]
    assert sorted(files) == recorded.names()
    assert list(recorded.FOLDER.glob("*.json")) == []


def test_written_as_read(tmp_path):
    record = {
        "command": "python x.py",
        "pi": 3.14159265358979,
        "list": (1, 2.5, None),
        "yes": True,
        "deep": {"a": [1e-9]},
    }
    recorded.write("x", record, "part", folder=tmp_path)
    read = json.loads((tmp_path / "part/x.json").read_text())
    assert read == {
        "command": "python x.py",
        "pi": 3.141593,
        "list": [1, 2.5, None],
        "yes": True,
        "deep": {"a": [1e-9]},
    }
    assert [path.name for path in (tmp_path / "part").iterdir()] == ["x.json"]


def test_refused(tmp_path):
    with pytest.raises(ValueError, match="no record 'nothing'; there are"):
        recorded.load("nothing")
    with pytest.raises(ValueError, match='needs a "command"'):
        recorded.write("x", {}, "part", folder=tmp_path)


def test_what_cannot_be_written_leaves_the_old_record(tmp_path):
    recorded.write("x", {"command": "python x.py"}, "part", folder=tmp_path)
    with pytest.raises(TypeError):
        recorded.write("x", {"command": "python x.py", "no": object()}, "part", folder=tmp_path)
    assert json.loads((tmp_path / "part/x.json").read_text()) == {"command": "python x.py"}
