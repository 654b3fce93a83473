"""The limits of the comparison lie between what fonts and libraries do to a drawing and what a change does."""

import io
import time

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from seeing import plots
from tests.notebooks.rasters import AREA_LIMIT, SPOT_LIMIT, beside, difference, frames, measures

BLUE, GREEN = plots.BLUE, plots.GREEN


def png(figure, **options) -> bytes:
    """As a notebook shows a figure."""
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight", facecolor="none", **options)
    plt.close(figure)
    return file.getvalue()


def bars(heights=(0.5, 0.8, 0.3, 0.65), colours=(BLUE,) * 4, labels="ABCD", size=2.4, margin=0.0) -> bytes:
    figure, (ax,) = plots.panels(1, 1, size)
    figure.get_layout_engine().set(w_pad=0.04167 + margin / 144, h_pad=0.04167 + margin / 144)
    ax.bar(range(4), heights, color=colours)
    ax.set_xticks(range(4), list(labels))
    ax.set(ylim=(0, 1), ylabel="share of people", title="Loans by group")
    for place, height in enumerate(heights):
        ax.text(place, height, f"{height:.2f}", ha="center", va="bottom")
    return png(figure)


def curves(count=3, noise=0.0, up=0.0, style="-", dot=None, by=0.0, margin=0.0) -> bytes:
    figure, (left, right) = plots.panels(1, 2, 2.4)
    figure.get_layout_engine().set(w_pad=0.04167 + margin / 144, h_pad=0.04167 + margin / 144)
    x, generator = np.linspace(0, 1, 200), np.random.default_rng(0)
    for power, colour in list(enumerate([BLUE, plots.ORANGE, GREEN], start=1))[:count]:
        y = x**power * (1 + noise * generator.normal(size=200)) + up * (power == 2)
        left.plot(x, y, style if power == 1 else "-", color=colour)
        left.text(0.6, 0.6**power, f"degree {power}")
    dots = np.random.default_rng(1).random((60, 2)) * (1 + noise * generator.normal(size=(60, 2)))
    if dot is not None:
        dots[dot] += by
    right.plot(*dots.T, ".", color=BLUE, ms=5)
    right.set(xlim=(-0.1, 1.1), ylim=(-0.1, 1.1))
    return png(figure)


def number(text: str, points: float = 10) -> bytes:
    figure, (ax,) = plots.panels(1, 1, 1.8)
    ax.text(0.5, 0.5, text, fontsize=points)
    return png(figure)


def measured(a: bytes, b: bytes) -> tuple[float, float]:
    return measures(frames(a)[0], frames(b)[0])[:2]


def under(settings, make):
    with mpl.rc_context(settings):
        return make()


SAME = {
    "bars twice": lambda: (bars(), bars()),
    "data by 1e-6": lambda: (curves(), curves(noise=1e-6)),
    "data by 1e-4": lambda: (curves(), curves(noise=1e-4)),
    "data by 1e-3": lambda: (curves(), curves(noise=1e-3)),
    "margin of bars by .1 pixel": lambda: (bars(), bars(margin=0.1)),
    "margin of bars by .5 pixel": lambda: (bars(), bars(margin=0.5)),
    "margin of curves by .25 pixel": lambda: (curves(), curves(margin=0.25)),
    "bars, letters without hinting": lambda: (bars(), under({"text.hinting": "none"}, bars)),
    "curves, letters without hinting": lambda: (curves(), under({"text.hinting": "none"}, curves)),
    "bars, edges not snapped": lambda: (bars(), under({"path.snap": False}, bars)),
    "curves, edges not snapped": lambda: (curves(), under({"path.snap": False}, curves)),
    "curves, paths not simplified": lambda: (curves(), under({"path.simplify": False}, curves)),
    "bars, letters without half-tones": lambda: (bars(), under({"text.antialiased": False}, bars)),
    "curves, letters without half-tones": lambda: (curves(), under({"text.antialiased": False}, curves)),
    "bars, edges without half-tones": lambda: (
        bars(),
        under({"patch.antialiased": False, "lines.antialiased": False}, bars),
    ),
}
CHANGED = {
    "a bar higher by 5 %": lambda: (bars(), bars((0.5, 0.8, 0.315, 0.65))),
    "a bar in green": lambda: (bars(), bars(colours=(BLUE, GREEN, BLUE, BLUE))),
    "a bar in another blue": lambda: (bars(), bars(colours=(BLUE, "#1072B2", BLUE, BLUE))),
    "two labels swapped": lambda: (bars(), bars(labels="BACD")),
    "a label read as another": lambda: (bars(labels="ABED"), bars(labels="ABFD")),
    "two bars swapped": lambda: (bars(), bars((0.5, 0.3, 0.8, 0.65))),
    "6 for 8": lambda: (number("0.86"), number("0.88")),
    "4 for 5": lambda: (number("0.84"), number("0.85")),
    "plus for minus": lambda: (number("+.1"), number("-.1")),
    "a point for a comma": lambda: (number("1,0", 11), number("1.0", 11)),
    "a curve missing": lambda: (curves(), curves(count=2)),
    "a curve up by 1 %": lambda: (curves(), curves(up=0.01)),
    "a curve dashed": lambda: (curves(), curves(style="--")),
    "a dot by 1 % of the axis": lambda: (curves(), curves(dot=7, by=0.01)),
    "a dot gone": lambda: (curves(), curves(dot=7, by=9.0)),
}


@pytest.mark.parametrize("case", SAME)
def test_what_fonts_and_libraries_do_is_let_pass(case):
    pair = SAME[case]()
    spot, area = measured(*pair)
    assert spot < SPOT_LIMIT
    assert area < 0.8 * AREA_LIMIT
    assert difference(*pair) is None


@pytest.mark.parametrize("case", CHANGED)
def test_what_a_reader_could_see_is_found(case):
    pair = CHANGED[case]()
    spot, area = measured(*pair)
    assert spot > 1.25 * SPOT_LIMIT or area > 1.3 * AREA_LIMIT
    found = difference(*pair)
    assert "it differs most at x" in found.words


def test_the_place_is_named():
    """A white square on black, 40 pixels from the left and 10 from the top, is gone."""
    image = np.zeros((60, 80, 3), np.uint8)
    plain = encoded(image)
    image[10:20, 40:50] = 255
    found = difference(encoded(image), plain)
    assert found.words.startswith("it differs most at x 4")
    assert "within x 40 to 49, y 10 to 19" in found.words


def encoded(image: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, **{"format": "png"} | options)
    return file.getvalue()


def test_the_other_picture_altogether():
    random = np.random.default_rng(0).integers(0, 256, (2, 50, 70, 3), dtype=np.uint8)
    assert difference(encoded(random[0]), encoded(random[1]))
    assert difference(encoded(random[0]), encoded(random[0], compress_level=0)) is None


def test_sizes_differ_by_rounding_or_in_words():
    image = np.full((50, 70, 3), 200, np.uint8)
    assert difference(encoded(image), encoded(image[:-1, :-1])) is None
    found = difference(encoded(image), encoded(image[:-2]))
    assert found.words == "its size is 70 x 48 pixels, the page's is 70 x 50"
    assert difference(bars(), bars(size=2.8)).words.startswith("its size is 765 x 419 pixels")


def test_what_covers_nothing_is_seen_through():
    """The colour of pixels that cover nothing is not seen; how much they cover is, on a light or a dark page."""
    image = np.zeros((50, 70, 4), np.uint8)
    other = image.copy()
    other[..., :3] = 255
    assert difference(encoded(image), encoded(other)) is None
    other[20:40, 20:40, 3] = 255
    assert difference(encoded(image), encoded(other))
    image[20:40, 20:40, 3] = 255
    assert difference(encoded(image), encoded(other))


def test_jpeg_and_animations():
    smooth = np.tile(np.linspace(0, 255, 70).astype(np.uint8)[None, :, None], (50, 1, 3))
    pair = [encoded(smooth, format="jpeg", quality=quality) for quality in (90, 95)]
    assert difference(*pair) is None
    assert difference(pair[0], encoded(smooth[:, ::-1], format="jpeg"))

    stills = [Image.fromarray(np.full((20, 20), level, np.uint8)) for level in (0, 100, 200)]

    def moving(*order):
        file = io.BytesIO()
        stills[order[0]].save(file, format="gif", save_all=True, append_images=[stills[i] for i in order[1:]])
        return file.getvalue()

    assert difference(moving(0, 1, 2), moving(0, 1, 2)) is None
    assert difference(moving(0, 1, 2), moving(0, 2, 1)).words.startswith("frame 2: it differs")
    assert difference(moving(0, 1, 2), moving(0, 1)).words == "it has 2 frames, the page's has 3"


def test_what_is_no_picture_is_said():
    with pytest.raises(ValueError, match="no picture that can be read"):
        difference(b"", bars())


def test_both_and_where_they_differ_are_drawn_side_by_side():
    a, b = (Image.new("RGBA", size, colour) for size, colour in (((40, 30), "blue"), ((50, 20), "white")))
    sheet = beside(a, b)
    assert sheet.size == (3 * 50 + 4 * 12, 30 + 30 + 12)
    assert sheet.getpixel((12 + 5, 30 + 5)) == (0, 0, 255)
    assert sheet.getpixel((12 + 50 + 12 + 5, 30 + 5)) == (255, 255, 255)
    red, green, _ = sheet.getpixel((2 * (12 + 50) + 12 + 5, 30 + 5))
    assert red > 2 * green


def test_a_figure_costs_well_under_a_second():
    """Processor time: the machine may be busy. The same file costs nothing."""
    pair = bars(), bars((0.5, 0.8, 0.301, 0.65))
    begun = time.process_time()
    difference(*pair)
    assert time.process_time() - begun < 1


def sharp(make):
    """As `make` draws it, at 288 dots an inch."""
    with mpl.rc_context({"savefig.dpi": 288}):
        return make()


def test_sharp_pictures_are_compared_at_144_dots():
    """The same limits hold: a digit that changed is seen, a margin that moved is not."""
    assert frames(sharp(bars))[0].size == pytest.approx(frames(bars())[0].size, abs=1)
    for case in ("margin of curves by .25 pixel", "bars, letters without hinting", "curves, edges not snapped"):
        assert difference(*sharp(SAME[case])) is None, case
    for case in ("6 for 8", "a point for a comma", "a bar in another blue", "a dot by 1 % of the axis"):
        assert difference(*sharp(CHANGED[case])) is not None, case
