"""The note at a page's end: it says what was recorded and what was compared, and no more than that."""

from bs4 import BeautifulSoup

from seeing.book import Provenance

RECORD = {"command": "python book/_experiments/fairness_compas.py", "rate": 0.5}


def parsed(note):
    return BeautifulSoup(note._repr_html_(), "html.parser")


def test_what_was_not_compared_is_not_said_to_be():
    note = Provenance(RECORD)
    note.not_compared("six rates", "COMPAS")
    assert "equal" not in repr(note)
    assert repr(note).endswith("- six rates: as recorded; COMPAS was not at hand when this page was built")


def test_the_note_is_folded_and_names_its_command():
    note = Provenance(RECORD)
    note.compared("six <rates>", "COMPAS")
    page = parsed(note)
    assert page.details.summary.get_text() == "Where the numbers of this page come from"
    assert not page.details.has_attr("open")
    first, second = page.select("li")
    assert first.code.get_text() == RECORD["command"]
    assert second.get_text() == "six <rates>: equal to what COMPAS gives, computed when this page was built"


def test_the_text_is_the_same():
    note = Provenance(RECORD, {"command": "make train"})
    note.compared("six rates", "COMPAS")
    assert [item.get_text() for item in parsed(note).select("li")] == [
        line.removeprefix("- ").replace("`", "") for line in repr(note).split("\n")[1:]
    ]
