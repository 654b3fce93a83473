"""Where the buttons of a notebook page lead."""

from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from seeing_book import launch


@pytest.fixture
def context():
    site = "https://colab.research.google.com/github/owner/name"
    links = [
        {"text": "Binder", "url": "https://mybinder.org/v2/gh/owner/name/main"},
        {"text": "Colab", "url": f"{site}/blob/main/book/segmentation/unpooling.md"},
    ]
    return {
        "ipynb_source": "segmentation/unpooling.ipynb",
        "header_buttons": [{"type": "group", "icon": "fas fa-rocket", "buttons": links}],
    }


@pytest.fixture
def written(monkeypatch):
    names = []
    monkeypatch.setattr(launch, "write_notebook", lambda app, docname: names.append(docname))
    return names


def url(context, service):
    return next(button for button in launch.buttons(context["header_buttons"]) if button.get("text") == service)["url"]


def test_colab_and_binder_open_the_published_notebook(context, written):
    launch.rewrite_buttons(SimpleNamespace(), "segmentation/unpooling", "page.html", context, nodes.Element())
    notebook = "_sources/segmentation/unpooling.ipynb"
    assert url(context, "Colab") == f"https://colab.research.google.com/github/owner/name/blob/gh-pages/{notebook}"
    assert url(context, "Binder") == f"https://mybinder.org/v2/gh/owner/name/gh-pages?urlpath=lab/tree/{notebook}"
    assert written == ["segmentation/unpooling"]


@pytest.fixture
def reported(monkeypatch):
    lines = []
    monkeypatch.setattr(launch.logger, "warning", lambda message, *values, location: lines.append(message % values))
    return lines


def test_a_theme_without_the_buttons_is_reported(context, written, reported):
    context["header_buttons"] = []
    launch.rewrite_buttons(SimpleNamespace(), "segmentation/unpooling", "page.html", context, nodes.Element())
    assert reported == ["the theme made no Colab button", "the theme made no Binder button"]


def test_a_button_of_another_form_is_reported_and_left(context, written, reported):
    context["header_buttons"][0]["buttons"][1]["url"] = "https://colab.research.google.com/#open"
    launch.rewrite_buttons(SimpleNamespace(), "segmentation/unpooling", "page.html", context, nodes.Element())
    assert reported == ["the theme's Colab button has a new form: https://colab.research.google.com/#open"]
    assert url(context, "Colab").endswith("#open")


def test_what_publication_needs_is_written(tmp_path):
    options = {"repository_url": "https://github.com/owner/name"}
    app = SimpleNamespace(
        outdir=tmp_path,
        builder=SimpleNamespace(format="html"),
        config=SimpleNamespace(html_theme_options=options),
    )
    launch.write_site_files(app, RuntimeError("failed"))
    assert not list(tmp_path.iterdir())
    launch.write_site_files(app, None)
    assert (tmp_path / ".nojekyll").is_file()
    assert "git+https://github.com/owner/name#subdirectory=lib" in (tmp_path / "requirements.txt").read_text()


def test_binder_installs_what_every_page_imports(tmp_path, reported):
    executed = tmp_path / "jupyter_execute" / "part"
    executed.mkdir(parents=True)
    for name, source in {
        "a": "import numpy, fairlearn",
        "b": "import skimage",
        "c": "import nowhere_to_be_had",
    }.items():
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), executed / f"{name}.ipynb")
    packages = launch.packages_of_all_pages(executed.parent)
    assert [package.partition("==")[0] for package in packages] == ["fairlearn", "scikit-image"]
    assert len(reported) == 1
    assert "imports 'nowhere_to_be_had'" in reported[0]


def test_a_page_without_code_makes_no_notebook(context, written):
    del context["ipynb_source"]
    launch.rewrite_buttons(SimpleNamespace(), "index", "page.html", context, nodes.Element())
    assert written == []
