"""Pictures without a caption, or without a text that says what they show, stop the build."""

import pytest
from bs4 import BeautifulSoup
from seeing_book import figures

GOOD = "A four by four grid; the stamp covers its upper left corner."


def article(inner: str) -> BeautifulSoup:
    return BeautifulSoup(f'<article class="bd-article">{inner}</article>', "html.parser")


@pytest.mark.parametrize(
    ("alt", "source"),
    [
        ("", "a.png"),
        ("   ", "a.png"),
        ("stamp.png", "../_images/stamp.png"),
        ("stamp.SVG", "../_images/other.svg"),
        ("stamp", "../_images/stamp.png"),
        ("../_images/9b85.png", "../_images/9b85.png"),
        ("_images/stamp", ""),
        ("book/images/stamp", ""),
    ],
)
def test_empty_and_path_like_texts_are_refused(alt, source):
    assert figures.alt_problem(alt, source)


def test_a_text_that_says_what_is_shown_can_stand():
    assert figures.alt_problem(GOOD, "../_images/stamp.png") is None


def test_a_figure_with_both_has_no_complaint():
    page = article(f'<figure><img alt="{GOOD}" src="a.png"/><figcaption><p>The stamp.</p></figcaption></figure>')
    assert figures.complaints(page) == []


def test_each_lack_is_named_with_what_to_do():
    found = figures.complaints(article('<img src="../_images/stamp.png"/>'))
    assert len(found) == 2
    assert "stamp.png has no alt text" in found[0]
    assert "mystnb: image: alt:" in found[0]
    assert "stamp.png has no caption" in found[1]


def test_an_empty_caption_is_none():
    page = article(f'<figure><img alt="{GOOD}"/><figcaption> </figcaption></figure>')
    assert len(figures.complaints(page)) == 1


@pytest.mark.parametrize("kind", ["svg", "video", "canvas"])
def test_drawings_need_a_name_too(kind):
    caption = "<figcaption>The stamp.</figcaption>"
    assert figures.complaints(article(f"<figure><{kind}></{kind}>{caption}</figure>"))
    named = f'<figure><{kind} aria-label="{GOOD}"></{kind}>{caption}</figure>'
    assert not figures.complaints(article(named))


def test_icons_marked_as_decoration_are_no_pictures():
    assert not figures.complaints(article('<summary>More <svg aria-hidden="true"></svg></summary>'))


def test_pictures_of_the_frame_around_the_article_are_not_ours():
    assert not figures.complaints(BeautifulSoup('<header><img src="logo.png"/></header>', "html.parser"))


def test_a_cells_alt_text_reaches_its_animation():
    output = '<div class="animation"><img id="_anim_img1"><svg aria-hidden="true"/></div><script>x("<b>")</script>'
    named = figures.with_alt(output, 'A "stamp" moves & adds.')
    picture = BeautifulSoup(named, "html.parser").img
    assert picture["alt"] == 'A "stamp" moves & adds.'
    assert picture["id"] == "_anim_img1"
    assert named.count("aria-label") == 0
    assert figures.with_alt(named, "another") == named
