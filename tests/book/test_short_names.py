"""Links read as part of their sentence."""

import re

import pytest
import yaml
from docutils import nodes
from docutils.utils import new_document
from seeing_book.short_names import capitalised, linked_page, text_before

PAGE = "---\nshort_name: {name}\n---\n\n# {title}\n\n{text}\n"


@pytest.fixture(scope="module")
def html(root, tmp_path_factory):
    from tests.book.conftest import SmallBook

    book = SmallBook(root, tmp_path_factory.mktemp("links"))
    text = "A map of {doc}`fields` is coarse. {doc}`fields`, again; {doc}`our own words <fields>`."
    text += "\n\n- {doc}`fields`: a list"
    book.write("start", PAGE.format(name="the start", title="Start: where?", text=text))
    book.write(
        "fields", PAGE.format(name="receptive fields", title="Fields: who sees what?", text="See {doc}`/start`.")
    )
    run = book.build()
    assert run.returncode == 0, run.stdout + run.stderr
    return (book.html / "start.html").read_text()


def links(html):
    article = html[html.index("<article") : html.index("</article")]
    return [
        re.sub("<[^>]*>", "", text) for text in re.findall(r'<a class="reference internal".*?</a>', article, re.DOTALL)
    ]


def test_a_link_shows_the_short_name_with_a_capital_where_a_sentence_begins(html):
    names = ["receptive fields", "Receptive fields", "our own words", "Receptive fields"]
    assert [text for text in links(html) if "#" not in text][:4] == names


def test_titles_stay_where_pages_are_listed(html):
    assert "Fields: who sees what?" in html[: html.index("<article")]


def test_a_link_to_a_page_without_a_short_name_is_an_error(root, small_book):
    small_book.write("nameless", "# A title: with a question?\n")
    small_book.write("start", PAGE.format(name="the start", title="Start", text="See {doc}`nameless`."))
    run = small_book.build()
    assert run.returncode != 0
    assert "nameless has no short_name in its front matter, and a link needs one" in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", True),
        ("It is so. ", True),
        ("Is it? ", True),
        ("the map of ", False),
        ("e.g., ", False),
        ("('It is.') ", True),
    ],
)
def test_what_stands_before_tells_a_sentence_start(before, expected):
    from seeing_book.short_names import SENTENCE_START

    paragraph = nodes.paragraph()
    strong = nodes.strong("", before)
    link = nodes.inline("", "x")
    paragraph += [strong, link] if before else [link]
    document = new_document("page")
    document += paragraph
    assert bool(SENTENCE_START.search(text_before(link))) == expected


def test_links_lead_where_sphinx_leads_them():
    assert linked_page("fairness/compas", "../world") == "world"
    assert linked_page("fairness/compas", "why") == "fairness/why"
    assert linked_page("fairness/compas", "/notation") == "notation"
    assert capitalised("U-Net") == "U-Net"


def test_every_page_has_a_short_name_that_fits_into_a_sentence(root):
    seen = {}
    for page in sorted((root / "book").rglob("*.md")):
        text = page.read_text()
        assert text.startswith("---\n"), f"{page} has no front matter"
        name = yaml.safe_load(text.split("---\n")[1]).get("short_name", "")
        assert 0 < len(name) <= 32, f"{page}: a short_name of at most 32 characters; got {name!r}"
        assert not re.search(r"[?:.!]", name), f"{page}: {name!r} is no part of a sentence"
        assert name not in seen, f"{page} and {seen[name]} are both called {name!r}"
        seen[name] = page
