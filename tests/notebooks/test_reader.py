"""A notebook runs on a reader's machine only if its first cell installs what it needs and it reads nothing else."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.notebooks import offline_pip, reader

ROOT = Path(__file__).parents[2]
LIBRARY = "seeing-fairly @ git+https://example.org/x#subdirectory=lib"
INSTALL = "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', '--quiet', *{}], check=True)"
PARTLY = (
    "import subprocess, sys\n"
    "for more in (['--no-deps', 'seeing-fairly'], ['torch', 'numpy', 'numba', 'torchvision', 'scipy', 'matplotlib']):\n"
    "    subprocess.run([sys.executable, '-m', 'pip', 'install', *more], check=True)"
)

# A catalogue worked by hand: a needs b on this system and d as an extra, b needs c.
CATALOGUE = {
    "a": {"version": "1.0", "requires": ["b>=2", "z; sys_platform == 'nowhere'", "d; extra == 'more'"], "links": {}},
    "b": {"version": "2.1", "requires": ["C"], "links": {}},
    "c": {"version": "3.0", "requires": ["a"], "links": {}},
    "d": {"version": "4.0", "requires": [], "links": {}},
}


@pytest.mark.parametrize(
    ("texts", "installed"),
    [
        (["a"], {"a", "b", "c"}),
        (["a[more]"], {"a", "b", "c", "d"}),
        (["a", "a[more]"], {"a", "b", "c", "d"}),
        (["b==2.1"], {"a", "b", "c"}),
        (["D @ git+https://example.org/d"], {"d"}),
        (["z; sys_platform == 'nowhere'"], set()),
        ([], set()),
    ],
)
def test_requirements_are_followed(texts, installed):
    found = list(offline_pip.resolved(texts, CATALOGUE))
    assert set(found) == installed
    assert len(found) == len(installed)


def test_without_dependencies_and_what_is_not_to_be_had():
    assert list(offline_pip.resolved(["a[more]"], CATALOGUE, dependencies=False)) == ["a"]
    with pytest.raises(LookupError, match="no package 'y' is installed here"):
        list(offline_pip.resolved(["y"], CATALOGUE))
    with pytest.raises(LookupError, match=r"a 1.0 is installed here, a>2 is asked for"):
        list(offline_pip.resolved(["a>2"], CATALOGUE))


def test_an_option_that_is_not_known_is_refused(tmp_path):
    assert "knows `install`" in offline_pip.main("none", "install", "--upgrade", "a")
    assert "knows `install`" in offline_pip.main("none", "uninstall", "a")


def test_a_folder_that_packages_share_is_linked_part_by_part():
    owners = {("nvidia",): {"x", "y"}, ("nvidia", "blas"): {"x"}, ("torch",): {"t"}, ("torch", "nn"): {"t"}}
    owners |= {("nvidia", "blas", "lib.so"): {"x"}, ("six.py",): {"s"}}
    assert reader.own_part(("nvidia", "blas", "lib.so"), owners) == ("nvidia", "blas")
    assert reader.own_part(("torch", "nn", "a.py"), owners) == ("torch",)
    assert reader.own_part(("six.py",), owners) == ("six.py",)


@pytest.mark.slow
def test_the_wheel_holds_all_that_the_library_reads(tmp_path):
    """What stands beside the sources (checkpoints, records) reaches who installs it, not only who cloned it."""
    reader.wheel(tmp_path)
    for file in (ROOT / "lib" / "seeing").rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            packed = tmp_path / "wheel" / file.relative_to(ROOT / "lib")
            assert packed.is_file(), f"{file.name} is not in the wheel: see package-data in lib/pyproject.toml"
            assert packed.stat().st_size == file.stat().st_size


@pytest.mark.slow
def test_a_machine_that_is_there_is_kept_until_something_changes(tmp_path):
    """Two runs at a time may use it; a package of another version, or an unfinished one, makes it anew."""
    python = reader.prepare(tmp_path) / "environment" / "bin" / "python"
    made = python.lstat().st_ino
    assert reader.prepare(tmp_path) == tmp_path
    assert python.lstat().st_ino == made
    (tmp_path / "environment" / "left").touch()
    (tmp_path / "catalogue.json").write_text("[]")
    reader.prepare(tmp_path)
    assert not (tmp_path / "environment" / "left").exists()
    assert python.exists()


# First cell, cell, what it prints; None where it fails.
NOTEBOOKS = {
    "installs": (
        INSTALL.format(["fairlearn"]),
        "import fairlearn, pandas, sklearn\nprint(fairlearn.__name__)",
        "fairlearn\n",
    ),
    "declared": (INSTALL.format([LIBRARY]), "import seeing, sklearn\nprint(seeing.__name__)", "seeing\n"),
    "undeclared": (INSTALL.format([LIBRARY]), "import fairlearn", None),
    "extra": (INSTALL.format([LIBRARY]), "import nbgrader", None),  # only the extra `grading` brings it
    "nothing": ("pass", "import numpy", None),
    # The library is there and something that it imports is not; a warm kernel has both in its memory.
    "in_part": (PARTLY, "import seeing.training", None),
    "looked_for": (
        "from importlib.util import find_spec\nassert not [m for m in ('seeing', 'torch', 'numpy') if find_spec(m)]",
        "import sys\nprint([m for m in ('seeing', 'torch', 'numpy') if m in sys.modules])",
        "[]\n",
    ),
    "elsewhere": (
        INSTALL.format([LIBRARY]),
        f"import os, seeing\nprint(os.listdir(), seeing.__file__.startswith({str(ROOT / 'lib')!r}))",
        "[] False\n",
    ),
    "refused": (INSTALL.format(["not-to-be-had"]), "1", None),
}


def written(file: Path, *sources: str, prints: str | None = None) -> None:
    """A notebook with these cells, the last of which printed `prints`."""
    cells = [nbformat.v4.new_code_cell(source, execution_count=1) for source in sources]
    if prints:
        cells[-1].outputs = [nbformat.v4.new_output("stream", text=prints)]
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)


def run(folder: Path) -> str:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "0",
        "-p",
        "tests.notebooks.plugin",
        "-rA",
        "--color",
        "no",
        "--nbval",
    ]
    command += ["--as-reader", folder / "downloads", folder / "pages"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    for name, (first, cell, prints) in NOTEBOOKS.items():
        written(folder / "pages" / f"{name}.ipynb", cell, prints=prints)
        written(folder / "downloads" / f"{name}.ipynb", first, cell)
    return run(folder)


def verdict(said: str, name: str, cell: str) -> str:
    return re.search(rf"^(PASSED|FAILED) \S*/{name}.ipynb::{cell}\b", said, re.MULTILINE)[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_planted(said, name):
    passes = NOTEBOOKS[name][2] is not None
    assert verdict(said, name, "Cell 0" if name != "refused" else "First cell") == ("PASSED" if passes else "FAILED"), (
        said
    )
    if name in {"undeclared", "extra", "nothing", "in_part"}:
        module = "tqdm" if name == "in_part" else NOTEBOOKS[name][1].split()[-1]
        assert f"ModuleNotFoundError: No module named '{module}'" in re.sub(r"\x1b\[[0-9;]*m", "", said)


@pytest.mark.slow
def test_what_readers_do_not_get_is_said(tmp_path):
    written(tmp_path / "pages" / "gone.ipynb", "1")
    written(tmp_path / "pages" / "other.ipynb", "1")
    written(tmp_path / "downloads" / "other.ipynb", "pass", "2")
    said = run(tmp_path)
    assert "readers find no " in said
    assert "holds other cells than" in said
    shutil.rmtree(tmp_path / "_build", ignore_errors=True)
