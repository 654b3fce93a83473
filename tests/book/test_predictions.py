"""A prediction asks before it answers: in the page, in the notebook, and on every page of the book."""

import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from docutils.utils import new_document
from seeing_book import predictions
from seeing_book.notebooks import Page
from seeing_book.predict_text import HEADING, paragraphs, read_prediction

CHOICES = """\
How large is $x$,
and why?

- [ ] *one*

  It is tempting,
  says `f`.
- [x] two

  As [here](https://example.org).
"""
NUMBER = "How many?\n\nCount well.\n\nIt is a square.\n"


def read(text, *rest):
    return read_prediction(text.rstrip("\n").split("\n"), *rest)


def test_choices_are_taken_apart():
    found = read(CHOICES)
    assert found.question.text == "How large is $x$,\nand why?"
    assert [(a.text.text, a.sentence.text, a.right) for a in found.answers] == [
        ("*one*", "It is tempting,\nsays `f`.", False),
        ("two", "As [here](https://example.org).", True),
    ]
    assert [a.sentence.offset for a in found.answers] == [5, 9]


def test_a_number_is_followed_by_its_sentence():
    found = read(NUMBER, "250", "million")
    assert found.question.text == "How many?\n\nCount well."
    assert [(a.text.text, a.sentence.text, a.right) for a in found.answers] == [
        ("250 million", "It is a square.", True)
    ]


def test_no_lines_are_no_paragraphs():
    assert paragraphs([]) == paragraphs(["", "  "]) == []


WRONG, RIGHT = "- [ ] no\n\n  Why.\n", "- [x] yes\n\n  Why.\n"
MALFORMED = {
    "": "0 choices: write two to four",
    "Q?\n\n" + RIGHT: "1 choices: write two to four",
    "Q?\n\n" + 4 * WRONG + RIGHT: "5 choices: write two to four",
    "Q?\n\n" + 2 * WRONG: "0 of its choices are marked right: mark one",
    "Q?\n\n" + 2 * RIGHT: "2 of its choices are marked right: mark one",
    "Q?\n\n- [ ] no\n" + RIGHT: "the choice 'no' needs one paragraph",
    "Q?\n\n- [ ] no\n\n  Why.\n\n  More.\n" + RIGHT: "the choice 'no' needs one paragraph",
    WRONG + RIGHT: "it has no question: write it",
}


@pytest.mark.parametrize(("text", "said"), MALFORMED.items())
def test_what_is_malformed_is_refused_with_what_to_do(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        read(text)


@pytest.mark.parametrize(
    ("text", "said"), [("", "no sentence"), ("How many?", "no sentence"), ("Q?\n\n" + WRONG, "choices and a number")]
)
def test_a_malformed_number_too(text, said):
    with pytest.raises(ValueError, match=said):
        read(text, "3")


@pytest.mark.parametrize("text", ["", "many", "3 4"])
def test_an_option_that_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is no number"):
        predictions.checked_number("tolerance", text)


def test_the_notebook_folds_the_answers(tmp_path):
    page = Page(tmp_path / "page.md", tmp_path, lambda role, target: f"<{target}>")
    assert page.plain(f":::{{predict}}\n{CHOICES}:::\n\nAfter {{doc}}`a`.") == (
        f"**{HEADING}** How large is $x$,\nand why?\n\n- *one*\n- two\n\n<details><summary>Answer</summary>\n\n"
        "- ***one***: It is tempting, says `f`.\n- **two** (right): As [here](https://example.org).\n\n</details>\n\n"
        "After <a>."
    )
    written = f":::{{predict}} Predict before you look.\n:number: 250\n:unit: million\n\n{NUMBER}:::"
    assert page.plain(written) == (
        "**Predict before you look.** How many?\n\nCount well.\n\n<details><summary>Answer</summary>\n\n"
        "- **250 million**: It is a square.\n\n</details>"
    )


def test_the_script_is_loaded_where_a_prediction_is():
    found = []
    app = SimpleNamespace(add_js_file=lambda file, **options: found.append((file, options)))
    document = new_document("page")
    predictions.load_script(app, "page", "page.html", {}, document)
    predictions.load_script(app, "search", "page.html", {}, None)
    assert found == []
    document += predictions.prediction_form("", "", tag="form")
    predictions.load_script(app, "page", "page.html", {}, document)
    assert found == [("quiz/quiz.mjs", {"type": "module"})]


def test_a_built_page(small_book):
    """What the build writes, and its words for a malformed one, which names the page and the line."""
    small_book.cells("ask", "1 + 1", text=f":::{{predict}}\n{CHOICES}:::\n\nText.\n\n:::{{predict}}\n{WRONG}:::\n")
    small_book.cells("plain", "1 + 1")
    build = small_book.build()
    assert build.returncode != 0
    source = (small_book.folder / "book" / "ask.md").read_text().split("\n")
    line = max(at for at, text in enumerate(source, start=1) if text == ":::{predict}")
    said = [text for text in build.stderr.split("\n") if "predict:" in text]
    assert len(said) == 1
    assert re.search(rf"ask\.md:({line}|{line + 1}): WARNING: predict: it has 1 choices", said[0])  # its first lines

    page = BeautifulSoup(small_book.page("ask"), "html.parser")
    (form,) = page.select("form.predict")
    assert form.select_one("fieldset > legend").get_text() == HEADING
    question = form.select_one(".predict-question")
    assert form.fieldset["aria-describedby"] == question["id"]
    assert question.select_one(".math") is not None
    assert [item.decode_contents() for item in form.select(".predict-choices > li")] == ["<em>one</em>", "two"]
    answers = form.select("details.predict-answers > ul > li")
    assert [answer["data-right"] for answer in answers] == ["false", "true"]
    assert [" ".join(answer.get_text().split()) for answer in answers] == [
        "Not so: one. It is tempting, says f.",
        "Right: two. As here.",
    ]
    assert answers[1].a["href"] == "https://example.org"
    assert not form.select("details[open], input, button")
    assert "quiz.mjs" in small_book.page("ask")
    assert "quiz.mjs" not in small_book.page("plain")


# The book's own pages


def test_no_question_of_the_book_is_a_bold_sentence_any_more(root):
    for file in (root / "book").rglob("*.md"):
        assert not re.search(r"^\*\*Predict before you", file.read_text(encoding="utf-8"), re.MULTILINE), file


def test_nothing_stands_between_a_prediction_and_what_it_is_about(root):
    """The answer would stand open there: after a prediction comes a cell or a heading."""
    asked = 0
    for file in (root / "book").rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        for match in re.finditer(r"^:::\{predict\}[^\n]*\n.*?^:::\n", text, re.MULTILINE | re.DOTALL):
            asked += 1
            after = text[match.end() :].lstrip("\n")
            assert after.startswith(("```{code-cell}", "#")), f"{file}: {after[:80]!r}"
    assert asked > 30
