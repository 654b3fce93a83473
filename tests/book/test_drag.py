"""The scripts of the figures to drag: on the pages that have such a figure, and nowhere else."""

from types import SimpleNamespace

from docutils import nodes
from docutils.utils import new_document
from seeing_book import drag

from seeing.book.dragged import DraggedFigure


def page(*outputs: str, format: str = "html") -> nodes.document:
    document = new_document("page")
    for text in outputs:
        document += nodes.raw(text, text, format=format)
    return document


def loaded(doctree, folder) -> list[tuple[str, dict]]:
    found = []
    app = SimpleNamespace(srcdir=folder, add_js_file=lambda file, **options: found.append((file, options)))
    drag.load_scripts(app, "fairness/x", "page.html", {}, doctree)
    return found


def test_what_the_library_writes_is_found_once_a_figure():
    figures = [DraggedFigure(name, {"a": 1})._repr_html_() for name in ("two_words", "one", "one")]
    assert drag.dragged(page(*figures, "<p>text</p>")) == ["one", "two_words"]


def test_what_is_no_output_in_html_is_left_alone():
    figure = DraggedFigure("one", 1)._repr_html_()
    assert drag.dragged(page(figure, format="latex")) == []
    assert drag.dragged(page("<script>data-drag</script>")) == []


def test_a_page_loads_its_own_script_as_a_module(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "drag_one.mjs").touch()
    assert loaded(page(DraggedFigure("one", 1)._repr_html_()), tmp_path) == [("drag_one.mjs", {"type": "module"})]
    assert loaded(page("<p></p>"), tmp_path) == []
    assert loaded(None, tmp_path) == []  # the search page has no source


def test_a_figure_without_a_script_stops_the_build(tmp_path, monkeypatch):
    warned = []
    monkeypatch.setattr(drag.logger, "warning", lambda text, *values: warned.append(text % values))
    assert loaded(page(DraggedFigure("one", 1)._repr_html_()), tmp_path) == []
    assert warned == ["fairness/x: the figure to drag 'one' needs the script _static/drag_one.mjs"]


def test_each_script_of_the_book_has_a_page(root):
    sources = "".join(file.read_text(encoding="utf-8") for file in (root / "book").rglob("*.md"))
    for script in (root / "book" / "_static").glob("drag_*.mjs"):
        name = script.stem.removeprefix("drag_")
        assert f'DraggedFigure("{name}"' in sources.replace("\n", "").replace("    ", "")
        assert f"name: fig-{name}-drag" in sources
