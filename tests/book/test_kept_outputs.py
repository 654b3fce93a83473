"""What runs a page again and what does not, in a small book with a small library."""

import pytest

pytestmark = pytest.mark.slow
LIBRARY = {
    "__init__.py": "",
    "ops.py": '"""Doc."""\n\n\ndef double(x):\n    """Twice."""\n    return 2 * x\n',
    "recorded/__init__.py": "from pathlib import Path\n\ndef load(n): return (Path(__file__).parent / n).read_text()\n",
    "recorded/a.json": "111",
    "data.py": (
        "import os, sys\nfrom pathlib import Path\n\n\ndef find(root=None):\n"
        "    root = root or os.environ.get('SEEING_DATA') or 'nowhere'\n    sys.audit('seeing.data', root)\n"
        "    return sorted(path.name for path in Path(root).rglob('*.png'))\n"
    ),
}


@pytest.fixture
def book(small_book):
    """Three pages: one uses an op, one a record, one real data; and a library of their own."""
    for name, text in LIBRARY.items():
        file = small_book.folder / "lib" / "seeing" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    included = "\n```{literalinclude} ../lib/seeing/ops.py\n:language: python\n```\n"
    small_book.cells("op", "from seeing.ops import double\nprint(double(21))", text=included)
    small_book.cells("record", "from seeing import recorded\nprint(recorded.load('a.json'))")
    small_book.cells("data", "from seeing.data import find\nprint(find())")
    return small_book


def build(book, **environment):
    found = book.build(PYTHONPATH=str(book.folder / "lib"), **environment)
    assert found.returncode == 0, found.stderr
    return found


def test_a_page_runs_again_when_what_it_runs_changed_and_only_then(book, executed, tmp_path):
    library = book.folder / "lib" / "seeing"
    data = tmp_path / "pictures"
    (data / "bccd").mkdir(parents=True)
    (data / "bccd" / "cell.png").write_bytes(b"1")
    assert executed(build(book, SEEING_DATA=str(data))) == ["data", "op", "record"]
    assert "cell.png" in book.page("data")
    assert executed(build(book, SEEING_DATA=str(data))) == []

    ops = library / "ops.py"
    ops.write_text(ops.read_text().replace("Twice.", "Two times.") + "\n# the end\n")
    assert executed(build(book, SEEING_DATA=str(data))) == []
    assert "Two times." in book.page("op")
    assert "the end" in book.page("op")

    (library / "recorded" / "a.json").write_text("222")
    assert executed(build(book, SEEING_DATA=str(data))) == ["record"]
    assert "222" in book.page("record")
    assert "111" not in book.page("record")

    assert executed(build(book, SEEING_DATA=str(tmp_path / "absent"))) == ["data"]
    assert "cell.png" not in book.page("data")
    assert executed(build(book, SEEING_DATA=str(data))) == []  # the outputs of the build before are kept
    assert "cell.png" in book.page("data")
    (data / "bccd" / "other.png").write_bytes(b"2")
    assert executed(build(book, SEEING_DATA=str(data))) == ["data"]
    assert "other.png" in book.page("data")


def test_a_page_that_draws_pictures_for_research_is_not_published(book, tmp_path, executed):
    data = tmp_path / "pictures"
    (data / "camvid" / "test").mkdir(parents=True)
    (data / "camvid" / "test" / "street.png").write_bytes(b"1")
    book.cells("own", f"open({str(data / 'camvid/test/street.png')!r}, 'rb').read()\nprint('shown')")
    build(book, SEEING_DATA=str(data))
    for _ in range(2):  # executed, and from what is kept
        found = book.build(PYTHONPATH=str(book.folder / "lib"), SEEING_DATA=str(tmp_path / "no"), BOOK_TO_PUBLISH="1")
        assert found.returncode != 0
        last = found.stderr.strip().splitlines()[-1]
        assert "own: may not be published" in last
        assert "CamVid is for research only" in last
        assert "data:" not in last
        assert "street.png" not in book.page("data")
    book.cells("own", "print('nothing')")
    build(book, SEEING_DATA=str(tmp_path / "no"), BOOK_TO_PUBLISH="1")
