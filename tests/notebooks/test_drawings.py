"""SVG drawings: alike whatever their names and dates, different where something else is drawn."""

import io

import matplotlib.pyplot as plt
import pytest

from tests.notebooks.drawings import beside, difference


def drawn(heights=(1.0, 0.5), colour="#0072B2", labels="AB") -> str:
    """As matplotlib writes it: new names and a new date every time."""
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.bar([0, 1], heights, color=colour, alpha=0.5)
    ax.set_xticks([0, 1], list(labels))
    ax.scatter([0, 1], [0.2, 0.3])
    file = io.StringIO()
    figure.savefig(file, format="svg")
    plt.close(figure)
    return file.getvalue()


def test_the_same_figure_twice():
    a, b = drawn(), drawn()
    assert a != b
    assert difference(a, b) is None
    assert difference(a, drawn((1.0, 0.5 + 1e-6))) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"heights": (1.0, 0.525)}, "<path>, has d "),
        ({"colour": "#009E73"}, "has style 'fill: #009e73"),
        ({"labels": "BA"}, ", has d "),
        ({"labels": ["A", ""]}, "its element"),
    ],
)
def test_what_changed_is_named(options, words):
    found = difference(drawn(), drawn(**options))
    assert words in found
    assert "the page's" in found


SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg"><rect id="{name}" x="{x}" opacity="{o}"/><use href="#{name}"/>{rest}</svg>'
)


def square(name="a", x=1.0, o=0.5, rest=""):
    return SQUARE.format(name=name, x=x, o=o, rest=rest)


def test_by_hand():
    assert difference(square(), square(name="other")) is None
    assert difference(square(), square(x=1.25)) is None
    assert difference(square(), square(x=1.3)) == "its element 2, <rect>, has x '1.3', the page's has '1.0'"
    assert difference(square(), square(o=0.6)) == "its element 2, <rect>, has opacity '0.6', the page's has '0.5'"
    assert difference(square(), square(rest="<text>new</text>")) == "it has 4 elements, the page's has 3"
    assert difference(square(rest="<text>old</text>"), square(rest="<text>new</text>")).endswith(
        "the page's says 'old'"
    )
    assert difference(square(rest="<g/>"), square(rest="<a/>")) == "its element 4 is <a>, the page's is <g>"
    assert difference(square(), square(rest="<metadata><x>2026</x></metadata><!-- said -->")) is None


def test_what_is_no_svg_is_said():
    with pytest.raises(ValueError, match="no SVG that can be read"):
        difference(square(), "<svg>")


def test_both_are_in_one_file():
    sheet = beside(square(), square(x=9))
    assert sheet.count("<image ") == 2
    assert sheet.count("expected") == sheet.count("got") == 1
