"""Tables of results: what a page, a notebook and a terminal show of the same numbers."""

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup

from seeing.book import table
from seeing.book.table import written

HEADS = {"claim": "", "printed": "", "here": ".3f", "rows": ",", "verdict": ""}
ROWS = [("FPR", "44.8%", 0.44846, 1795, "comes out"), ("<i>gap</i>", None, float("nan"), 3, "differs")]


def parsed(shown):
    return BeautifulSoup(shown._repr_html_(), "html.parser")


def cells(row):
    return [cell.get_text() for cell in row.select("th, td")]


def test_the_page_gets_a_table_with_caption_heads_and_named_rows():
    page = parsed(table("What comes out.", HEADS, ROWS))
    assert page.caption.get_text() == "What comes out. live"
    assert [head["scope"] for head in page.select("thead th")] == ["col"] * 5
    assert [head["scope"] for head in page.select("tbody th")] == ["row"] * 2
    first, second = page.select("tbody tr")
    assert cells(first) == ["FPR", "44.8%", ".448", "1,795", "comes out"]
    assert cells(second) == ["<i>gap</i>", "", "undefined", "3", "differs"], "text is text, not HTML"


def test_the_verdict_stands_next_to_the_name():
    page = parsed(table("What comes out.", HEADS, ROWS, verdict="verdict"))
    assert cells(page.select_one("thead tr")) == ["claim", "verdict", "printed", "here", "rows"]
    assert cells(page.select("tbody tr")[0])[:2] == ["FPR", "comes out"]
    assert [cell.get_text() for cell in page.select("td.verdict")] == ["comes out", "differs"]


def test_columns_of_numbers_are_flush_right():
    page = parsed(table("What comes out.", HEADS, ROWS))
    numbers = [cell.get_text() for cell in page.select("tbody tr:first-child .number")]
    assert numbers == ["44.8%", ".448", "1,795"]


def test_a_mark_for_all_or_for_columns():
    page = parsed(table("c.", HEADS, ROWS, made="recorded"))
    assert [mark.get_text() for mark in page.select(".made")] == ["recorded"]
    page = parsed(table("c.", HEADS, ROWS, made={"printed": "published", "here": "live"}))
    assert [mark.parent.get_text(" ") for mark in page.select(".made")] == ["printed  published", "here  live"]
    assert page.caption.get_text() == "c."


def test_as_text():
    shown = table("Loans.", {"group": "", "rate": ".2f"}, [("women", 0.5), ("men", 1)], made={"rate": "recorded"})
    assert repr(shown) == "Loans.\ngroup  rate (recorded)\nwomen              .50\nmen               1.00"


def test_no_rows():
    page = parsed(table("None.", ["a", "b"], []))
    assert cells(page.thead.tr) == ["a", "b"]
    assert page.tbody.find("tr") is None


@pytest.mark.parametrize(
    ("cell", "form", "text"),
    [
        (0.8349, ".2f", ".83"),
        (-0.5, "+.1f", "-.5"),
        (0.5, "+.1f", "+.5"),
        (-0.001, ".2f", ".00"),
        (10.25, ".1f", "10.2"),
        (0.25, ".0%", "25%"),
        (0.0051, ".1%", ".5%"),
        (1200, ",", "1,200"),
        (np.float32(0.25), ".2f", ".25"),
        (np.int64(3), "", "3"),
        (torch.tensor(0.25), ".2f", ".25"),
        (torch.tensor(float("nan")), ".2f", "undefined"),
        (None, ".2f", ""),
        ("0.83", ".2f", "0.83"),
        (True, "", "True"),
    ],
)
def test_numbers_as_the_book_writes_them(cell, form, text):
    assert written(cell, form) == text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": [("a", 1)]}, "5 cells, claim, printed, here, rows, verdict; got"),
        ({"made": "measured"}, "live, recorded, published; got 'measured'"),
        ({"made": {"there": "live"}}, "no column is named 'there'"),
        ({"verdict": "claim"}, "a column after the first, got 'claim'"),
        ({"verdict": "judgement"}, "a column after the first, got 'judgement'"),
    ],
)
def test_what_cannot_be_shown_is_said(change, words):
    call = {"heads": HEADS, "rows": ROWS} | change
    with pytest.raises(ValueError, match=words):
        table("What comes out.", **call)
