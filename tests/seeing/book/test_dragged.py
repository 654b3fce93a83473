"""The numbers of a figure to drag: read back by a browser's rules, and refused where JSON has no word for them."""

import json

import pytest
from bs4 import BeautifulSoup

from seeing.book.dragged import DraggedFigure


def test_what_a_browser_reads_is_what_was_written():
    numbers = {"a": [0.1, 1e-9, None, True], "words": '</script><b>"&amp;é'}
    page = BeautifulSoup(f"<p>{DraggedFigure('two_words', numbers)._repr_html_()}</p>", "html.parser")
    (script,) = page.p.find_all(recursive=False)
    assert script["data-drag"] == "two_words"
    assert script["type"] == "application/json"
    assert json.loads(script.string) == numbers


def test_the_words_beside_it_do_not_hold_the_numbers():
    assert repr(DraggedFigure("x", [1, 2])) == "the numbers of the figure to drag, 'x'"


@pytest.mark.parametrize("name", ["", "../x", "A", 'x" onload="y'])
def test_a_name_that_is_no_file_is_refused(name):
    with pytest.raises(ValueError, match="small letters and underscores"):
        DraggedFigure(name, [])


def test_numbers_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        DraggedFigure("x", [float("nan")])
