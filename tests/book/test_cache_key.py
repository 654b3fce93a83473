"""The outputs of a page are kept under a name that changes with all that may change them."""

import ast
import importlib.metadata

import pytest
from seeing_book import cache_key
from seeing_book.executed import sources
from seeing_book.versions import versions
from seeing_book.what_runs import Source

VERSIONS = {"python": "3.11.7", "torch": "2.12.1"}
POOL = ["from seeing import ops"]
RECORD = ["from seeing import recorded"]


@pytest.fixture
def folder(tmp_path):
    files = {
        "seeing/__init__.py": "",
        "seeing/ops/__init__.py": "from seeing.ops.pooling import STRIDE",
        "seeing/ops/pooling.py": '"""Pooling."""\nSTRIDE = 1  # as usual\n',
        "seeing/recorded/__init__.py": "",
        "seeing/recorded/compas.json": "1",
        "seeing/trained/__init__.py": "",
        "seeing/trained/deep/net.pt": "2",
        "scripts/streets.py": "SEED = 1",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def key(folder, cells, packages=VERSIONS, **options):
    library = cache_key.Library([folder / "seeing", folder / "scripts"], (), packages)
    return library.key(cells, **options)


def test_nothing_changed_gives_the_same_key(folder):
    assert key(folder, POOL) == key(folder, POOL, dict(reversed(VERSIONS.items())))


def test_an_edit_deep_in_the_library_changes_the_key(folder):
    before = key(folder, POOL)
    (folder / "seeing/ops/pooling.py").write_text("STRIDE = 2\n")
    assert key(folder, POOL) != before


def test_a_comment_or_docstring_does_not(folder):
    before = key(folder, POOL)
    (folder / "seeing/ops/pooling.py").write_text('"""Pooling, with windows."""\n\n# one\nSTRIDE = 1\n')
    assert key(folder, POOL) == before


@pytest.mark.parametrize(
    ("cells", "options"),
    [
        ([*POOL, "print(ops.__doc__)"], {}),
        ([*POOL, "help(ops)"], {}),
        (["%run x.py"], {}),
        (POOL, {"shows_lines": True}),
    ],
)
def test_it_does_where_the_page_shows_it(folder, cells, options):
    before = key(folder, cells, **options)
    (folder / "seeing/ops/pooling.py").write_text('"""Pooling, with windows."""\nSTRIDE = 1  # as usual\n')
    assert key(folder, cells, **options) != before


def test_a_moved_file_changes_the_key(folder):
    cells = ["import seeing.ops.pooling", "import seeing.pooling"]
    before = key(folder, cells)
    (folder / "seeing/ops/pooling.py").rename(folder / "seeing/pooling.py")
    assert key(folder, cells) != before


@pytest.mark.parametrize("name", VERSIONS)
def test_another_version_changes_the_key(folder, name):
    assert key(folder, POOL, {**VERSIONS, name: "9.9"}) != key(folder, POOL)


@pytest.mark.parametrize(
    ("file", "cells"),
    [
        ("seeing/recorded/compas.json", RECORD),
        ("seeing/recorded/new.json", RECORD),
        ("seeing/trained/deep/net.pt", ["import seeing.trained"]),
        ("seeing/recorded/compas.json", ["%run x.py"]),
        ("seeing/trained/deep/net.pt", ["torch.load(__import__('seeing').__path__)"]),
        ("scripts/streets.py", ["sys.path.append('../_experiments')\nimport streets"]),
        ("scripts/table.csv", ["import numpy"]),
    ],
)
def test_a_record_a_checkpoint_or_an_experiment_changes_the_key_of_the_pages_that_may_load_it(folder, file, cells):
    before, other = key(folder, cells), key(folder, POOL)
    (folder / file).write_text("something else")
    assert key(folder, cells) != before
    assert (key(folder, POOL) == other) == (file != "scripts/table.csv")  # nobody knows who reads that


def test_a_page_that_shows_an_experiment_depends_on_them_all(folder):
    before = key(folder, POOL, names_experiments=True)
    (folder / "scripts/streets.py").write_text("SEED = 1  # as ever")
    assert key(folder, POOL, names_experiments=True) == before
    (folder / "scripts/streets.py").write_text("SEED = 2")
    assert key(folder, POOL, names_experiments=True) != before


def test_a_removed_record_changes_the_key(folder):
    before = key(folder, RECORD)
    (folder / "seeing/recorded/compas.json").unlink()
    assert key(folder, RECORD) != before


@pytest.mark.parametrize("name", [".DS_Store", "compas.json~", "compas.part", "__pycache__/x.cpython-311.pyc"])
def test_what_editors_and_python_leave_behind_does_not(folder, name):
    before = key(folder, RECORD)
    (folder / "seeing/recorded" / name).parent.mkdir(exist_ok=True)
    (folder / "seeing/recorded" / name).write_text("x")
    assert key(folder, RECORD) == before


def test_a_file_beside_the_pages_changes_the_key(tmp_path):
    book = tmp_path / "book"
    for name in ("part/page.md", "part/scores.csv", "_static/x.css", "_toc.yml", "references.bib", "part/.hidden"):
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).write_text("1")
    assert cache_key.beside_pages(book) == [book / "part" / "scores.csv"]
    before = cache_key.Library([], cache_key.beside_pages(book), VERSIONS).key(POOL)
    (book / "part/scores.csv").write_text("2")
    assert cache_key.Library([], cache_key.beside_pages(book), VERSIONS).key(POOL) != before


def test_an_import_from_elsewhere_is_followed_to_its_distribution_and_what_that_needs():
    found = versions(frozenset({"sklearn", "PIL", "notthere"}))
    for name in ("scikit-learn", "scipy", "joblib", "numpy", "pillow", "ipykernel", "ipython"):
        assert found[name] == importlib.metadata.version(name)
    assert found["notthere"] == "absent"
    assert "python" in found


def test_the_real_library_is_wholly_understood(root):
    """No module of it reaches another, or reads its text, in a way that the keys of all pages must make up for."""
    library = cache_key.library(root)
    seeing = {name: found for name, found in library.sources.items() if name.partition(".")[0] == "seeing"}
    assert len(seeing) > 200
    for name, found in seeing.items():
        assert not any(source.may_reach_anything or source.reads_text for source in found), name
    assert {"recorded/fairness/compas.json"} <= {name for name, _ in library.data["seeing.recorded"]}
    weights = {name for name, _ in library.data["seeing.trained"]}
    assert {"trained/segmentation/unet.pt", "trained/segmentation/streets/plain.npz"} <= weights


def test_every_package_that_a_page_or_the_library_imports_is_in_the_key(root, book_notebooks):
    """Looked for here in another way: by the lines that begin with an import."""
    library = cache_key.library(root)
    for page, notebook in book_notebooks.items():
        lines = [line.split() for cell in sources(notebook) for line in cell.splitlines()]
        tops = {words[1].split(".")[0].rstrip(",") for words in lines if words[:1] in (["import"], ["from"])}
        cells = [Source(cell) for cell in sources(notebook)]
        assert {top for source in cells for top in (name.partition(".")[0] for name in source.imports)} == tops, page
        for package in tops & {"sklearn", "fairlearn", "torch", "numpy", "matplotlib"}:
            distribution = {"sklearn": "scikit-learn"}.get(package, package)
            assert distribution in versions(frozenset({package}))
    everywhere = {name.partition(".")[0] for found in library.sources.values() for s in found for name in s.imports}
    assert {"torch", "torchvision", "numpy", "scipy", "sklearn", "numba", "PIL", "matplotlib"} <= everywhere


def test_no_page_of_the_book_prints_a_docstring(book_notebooks):
    for page, notebook in book_notebooks.items():
        for cell in sources(notebook):
            ast.parse(cell)
            assert not Source(cell).reads_text, page
            assert not Source(cell).may_reach_anything, page


def test_a_file_written_while_a_page_ran_is_noticed(folder):
    library = cache_key.Library([folder / "seeing"], (), VERSIONS)
    assert library.is_as_it_was()
    (folder / "seeing" / "ops" / "__pycache__").mkdir()
    for compiled in ("pooling.cpython-311.pyc", "pooling.forward-3.py311.nbi", "pooling.forward-3.py311.1.nbc"):
        (folder / "seeing" / "ops" / "__pycache__" / compiled).write_bytes(b"")
    assert library.is_as_it_was(), "numba keeps what it compiled beside the sources, as Python does"
    (folder / "seeing" / "ops" / "pooling.py").write_text("STRIDE = 2")
    assert not library.is_as_it_was()
