"""Each number in a page's sentences is bound: by `quoted` to a value, by `cited` to a source, or set in a cell.

A source may be another page, named as in the table of contents; then the number must stand there as well.
"""

import ast
import re
from pathlib import Path

import pytest

from seeing.book.numbers_in_text import NUMBER, written_numbers
from tests.book.prose import PageText, prose

BOOK = Path(__file__).parents[2] / "book"
GUIDES = "course"  # how to install, hand in and grade: their numbers are settings
PAGES = sorted(
    file.relative_to(BOOK).as_posix() for file in BOOK.rglob("*.md") if file.relative_to(BOOK).parts[0] != GUIDES
)
YEAR = re.compile(r"(?:19|20)\d\d")
PLACE = re.compile(  # where something stands, no result: "section 2.2", "Python 3.11"
    r"\b(?:sections?|tables?|figures?|fig\.|equations?|eq\.|chapters?|pages?|p\.|appendix|version|Python|part)\s+(?:[\d.]+(?:\s*(?:,|and|to|-|–)\s*)?)+$",
    re.IGNORECASE,
)


def phrases(page: PageText) -> list[str]:
    """The phrases that `quoted` and `cited` name."""
    found = []
    for call in page.calls("quoted"):
        assert call.args, "quoted is called with a dict that is written out"
        assert isinstance(call.args[0], ast.Dict), "quoted needs a dict written out, so that its phrases can be read"
        found += [ast.literal_eval(key) for key in call.args[0].keys]
    for call in page.calls("cited"):
        found += [ast.literal_eval(argument) for argument in call.args[1:]]
    return [" ".join(phrase.replace("*", "").split()) for phrase in found]


def set_in_code(page: PageText) -> set[float]:
    """The numbers that cells set themselves, such as a threshold or an asserted bound."""
    inside = {id(node) for call in page.calls("quoted", "cited") for node in ast.walk(call)}
    nodes = (node for tree in page.trees for node in ast.walk(tree) if id(node) not in inside)
    return {
        round(float(node.value), 12)
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and abs(node.value) < 1e15
    }


def needs_a_check(match: re.Match, text: str) -> bool:
    """Whether a number may be a result: a decimal, a share, or of three digits or more; no year, no section."""
    if PLACE.search(text[: match.end("digits")]):
        return False
    if match["percent"] or match["exponent"] or "." in match["digits"]:
        return True
    return len(match["digits"].replace(",", "")) >= 3 and not YEAR.fullmatch(match["digits"])


def unbound(page: PageText) -> list[str]:
    """The numbers of the prose that nothing binds, each with its surroundings."""
    covered = set()
    for phrase in phrases(page):
        at = page.text.find(phrase)
        while at >= 0:
            covered |= set(range(at, at + len(phrase)))
            at = page.text.find(phrase, at + 1)
    known = set_in_code(page)
    return [
        f"{match[0].strip()}  in  ...{page.text[max(0, match.start() - 40) : match.end() + 20]}..."
        for match in NUMBER.finditer(page.text)
        if needs_a_check(match, page.text)
        and match.start("digits") not in covered
        and round(abs(written_numbers(match[0])[0][1]), 12) not in known
    ]


@pytest.mark.parametrize("name", PAGES)
def test_every_number_in_the_text_is_bound(name):
    left = unbound(PageText(BOOK / name))
    assert not left, "bind these by `quoted` or `cited` (seeing.book), or set them in a cell:\n" + "\n".join(left)


@pytest.mark.parametrize("name", PAGES)
def test_every_phrase_that_is_checked_stands_in_the_text(name):
    page = PageText(BOOK / name)
    gone = [phrase for phrase in phrases(page) if phrase not in page.text]
    assert not gone, f"checked, but no longer in the text: {gone}"


def missing_there(page: PageText, text_of) -> list[str]:
    """The numbers cited from another page of the book that do not stand in that page's text."""
    found = []
    for call in page.calls("cited"):
        source, *named = [ast.literal_eval(argument) for argument in call.args]
        text = text_of(source)
        if text is not None:
            there = {round(number, 12) for _, number, _ in written_numbers(text)}
            numbers = [number for phrase in named for number in written_numbers(phrase)]
            found += [f"{text} ({source})" for text, number, _ in numbers if round(number, 12) not in there]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_number_from_another_page_stands_there(name):
    def text_of(source):
        return PageText(BOOK / f"{source}.md").text if f"{source}.md" in PAGES else None

    gone = missing_there(PageText(BOOK / name), text_of)
    assert not gone, f"these numbers no longer stand in the page that is named for them: {gone}"


PAGE = """\
---
kernelspec: {{display_name: Python 3, language: python, name: python3}}
---

# At 5 of 7, .91

The gap is {gap} at a line of .5, `.77` in code, $.88$ in a formula {{cite:p}}`x2020`, section 3.14.

```{{code-cell}} ipython3
---
mystnb:
  figure:
    caption: Nearly .62 of all.
  image:
    alt: A bar of .33.
---
line = .5
```

```{{code-cell}} ipython3
{check}
```
"""


@pytest.fixture
def written(tmp_path):
    def write(gap, check):
        file = tmp_path / "page.md"
        file.write_text(PAGE.format(gap=gap, check=check), encoding="utf-8")
        return PageText(file)

    return write


def test_an_unbound_number_is_found_in_headings_sentences_captions_and_alt_texts(written):
    assert [line.split()[0] for line in unbound(written(".25", "pass"))] == [".91", ".25", ".62", ".33"]


def test_bound_numbers_are_not(written):
    check = 'quoted({"The gap is .25": 1 / 4, ".62 of all": x, ".33": y})\ncited("somewhere", ".91")'
    assert unbound(written(".25", check)) == []


def test_a_changed_number_is_no_longer_bound(written):
    page = written(".35", 'quoted({"The gap is .25": 1 / 4, ".62": x, ".33": y})\ncited("somewhere", ".91")')
    assert [line.split()[0] for line in unbound(page)] == [".35"]
    assert [phrase for phrase in phrases(page) if phrase not in page.text] == ["The gap is .25"]


def test_a_number_of_another_page_must_stand_there(written):
    page = written(".25", 'cited("part/other", "gap is .25", ".91")\ncited("a book", ".62")')
    texts = {"part/other": "There it is .91, and the gap .250."}
    assert missing_there(page, texts.get) == []
    assert missing_there(page, {"part/other": "It is .92."}.get) == [".25 (part/other)", ".91 (part/other)"]


def test_prose_is_what_is_read():
    exercise = "````{exercise} By hand, .2\n:label: ex-1\n\nIs it .3?\n````\n"
    text = f"(label)=\n## **Two** `x = .5` things\n\n```python\n.5\n```\n\n{exercise}"
    assert prose(text) == "## Two things By hand, .2 Is it .3?"
    assert (
        prose("See {doc}`the map <map>`, `{ref}` and {ref}`a-2`, [here .4](x.5.md).") == "See the map, and , [here .4 ."
    )
