"""What is kept of a page that ran, and what a build that was killed left behind."""

import types
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from seeing_book.executed import cell_limit
from seeing_book.outputs import GENERATIONS, Outputs
from seeing_book.witness import Reading
from sphinx.errors import ExtensionError

KERNEL = {"name": "python3", "display_name": "Python 3"}


def ran(reading: Reading = Reading(), source: str = "print(1)") -> types.SimpleNamespace:  # noqa: B008 (frozen)
    output = nbformat.v4.new_output("stream", text="1\n")
    cell = nbformat.v4.new_code_cell(source, outputs=[output], execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": KERNEL})
    return types.SimpleNamespace(notebook=notebook, reading=reading, seconds=1.0, path=Path("/book/page.md"))


@pytest.fixture
def data(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("1")
    return tmp_path / "data"


@pytest.fixture
def outputs(tmp_path, data):
    return Outputs(tmp_path / "executed", data)


def test_what_was_kept_is_found_under_its_key_only(outputs):
    assert outputs.find("k", ran().notebook) is None
    assert outputs.keep("k", ran()) == "k"
    assert outputs.find("k", ran().notebook) == ("k", Reading())
    assert outputs.find("other", ran().notebook) is None
    assert outputs.find("k", ran(source="print(2)").notebook) is None


@pytest.mark.parametrize("how", ["asked", "files", "folders", "named"])
def test_a_page_that_looked_at_the_data_depends_on_it(outputs, data, how):
    reading = Reading() if how == "named" else Reading(**{how: [str(data)]})
    source = "os.environ['SEEING_DATA']" if how == "named" else "print(1)"
    name = outputs.keep("k", ran(reading, source))
    assert name == f"k-{outputs.data}"
    assert outputs.find("k", ran(reading, source).notebook) == (name, reading)
    (data / "a.csv").write_text("22")
    assert Outputs(outputs.folder, data).find("k", ran(reading, source).notebook) is None


def test_a_file_elsewhere_must_be_as_it_was(outputs, tmp_path):
    (tmp_path / "x.txt").write_text("1")
    outputs.keep("k", ran(Reading(files=[str(tmp_path / "x.txt")])))
    assert outputs.find("k", ran().notebook)
    (tmp_path / "x.txt").write_text("22")
    assert outputs.find("k", ran().notebook) is None


def test_another_data_folder_must_be_as_it_was(outputs, tmp_path):
    outputs.keep("k", ran(Reading(asked=[str(tmp_path / "other")])))
    assert outputs.find("k", ran().notebook)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "new.csv").write_text("1")
    assert outputs.find("k", ran().notebook) is None


def test_what_ran_while_something_changed_serves_one_build(outputs):
    name = outputs.keep("k", ran(), sure=False)
    assert get_cache(outputs.folder / name).match_cache_notebook(ran().notebook)
    assert outputs.find("k", ran().notebook) is None


def test_so_does_what_ran_while_the_data_changed(outputs, data):
    (data / "b.csv").write_text("1")
    name = outputs.keep("k", ran(Reading(asked=[str(data)])))
    assert name.startswith("changed-meanwhile")
    assert Outputs(outputs.folder, data).find("k", ran().notebook) is None


@pytest.mark.parametrize("damage", ["cut", "gone", "folder", "database"])
def test_what_a_killed_build_left_is_made_again(outputs, damage):
    outputs.keep("k", ran())
    (file,) = (outputs.folder / "k").rglob("base.ipynb")
    if damage == "cut":
        file.write_text(file.read_text()[:20])
    elif damage == "database":
        (outputs.folder / "k" / "global.db").write_bytes(b"")
    else:
        file.unlink()
        if damage == "gone":
            file.parent.rmdir()
    assert outputs.find("k", ran().notebook) is None
    outputs.keep("k", ran())
    assert outputs.find("k", ran().notebook)


def test_outputs_of_the_last_builds_stay(outputs):
    for build in range(4):
        for name in (f"a{build}", f"b{build}"):
            outputs.keep(name, ran())
        outputs.remove_old({f"a{build}", f"b{build}"})
        outputs.remove_old({f"a{build}", f"b{build}"})  # a build that executes nothing drives nothing out
    left = sorted(folder.name for folder in outputs.folder.iterdir())
    assert left == [f"{page}{build}" for page in "ab" for build in range(4 - GENERATIONS, 4)]


def test_the_limit_of_a_cell_is_a_number_above_0(monkeypatch):
    monkeypatch.delenv("CELL_SECONDS", raising=False)
    assert cell_limit(1200) == 1200
    monkeypatch.setenv("CELL_SECONDS", "2.5")
    assert cell_limit(1200) == 2.5
    for wrong in ("soon", "0", "-1", "inf", "nan"):
        monkeypatch.setenv("CELL_SECONDS", wrong)
        with pytest.raises(ExtensionError, match=f"number of seconds above 0; got '{wrong}'"):
            cell_limit(1200)
