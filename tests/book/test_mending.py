"""The last pass over the pages: mends once, is loud when the theme changed, and checks again until a page is right."""

import logging

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from seeing_book import pages

THEME = """<!DOCTYPE html>
<html><head><script src="_static/scripts/fontawesome.js?digest=1"></script></head><body>
<button id="pst-back-to-top">Back to top</button>
<div id="pst-primary-sidebar"><a href="i.html">Segmentation</a><details><summary><i></i></summary></details></div>
<main><article class="bd-article">
<script>if (1 < 2 && 3 > 2) { f("&lt;"); }</script>
<pre>a &lt; b
  c</pre>
{inner}
</article></main></body></html>
"""


def mended(inner: str = "") -> BeautifulSoup:
    page = BeautifulSoup(THEME.replace("{inner}", inner), "html.parser")
    assert pages.mend(page) == []
    return page


def test_the_sidebar_is_a_landmark_and_its_folds_have_names():
    page = mended()
    assert page.select_one("#pst-primary-sidebar")["role"] == "complementary"
    assert page.select_one("#pst-primary-sidebar summary")["aria-label"] == "Pages of Segmentation"


def test_the_button_back_to_the_top_stands_in_the_main_landmark():
    assert mended().select_one("main > #pst-back-to-top")


def test_the_icon_script_is_gone():
    assert "fontawesome.js" not in str(mended())


def test_a_folded_answer_is_the_browsers_own_fold():
    page = mended(
        '<div class="solution dropdown admonition" id="s"><p class="admonition-title">Solution to '
        '<a href="#e">Exercise 1</a></p><section id="solution-content"><p>42</p></section></div>'
    )
    fold = page.find(id="s")
    assert fold.name == "details"
    assert fold["class"] == ["solution", "admonition"]
    assert fold.summary.get_text() == "Solution to Exercise 1"
    assert not fold.summary.find("a")
    assert fold.section.get("id") is None


def test_a_task_is_the_name_of_its_box():
    page = mended('<li><p><input class="task-list-item-checkbox" type="checkbox"/> read\nthe page</p></li>')
    assert page.input["aria-label"] == "read the page"


def test_an_empty_corner_of_a_table_is_no_header():
    page = mended("<table><tr><th><p></p></th><th><p>score</p></th></tr></table>")
    assert [cell.name for cell in page.select("tr > *")] == ["td", "th"]


def test_an_animation_asks_no_other_host_and_its_slider_has_a_name():
    page = mended('<link href="https://example.org/a.css"/><div class="animation"><input type="range"/></div>')
    assert not page.select("article link")
    assert page.input["aria-label"] == "Frame"


@pytest.mark.parametrize("rule", [rule for rule in pages.MENDS if rule.always], ids=lambda rule: rule.selector)
def test_an_element_the_theme_no_longer_has_is_reported(rule):
    page = BeautifulSoup(THEME, "html.parser")
    page.select_one(rule.selector).decompose()
    assert [line for line in pages.mend(page) if rule.selector in line]


@pytest.fixture
def file(tmp_path):
    target = tmp_path / "page.html"
    target.write_text(THEME.replace("{inner}", "<p>Text.</p>"))
    return target


def test_a_second_pass_changes_nothing(file):
    assert pages.mend_and_check_file(file) == []
    once = file.read_bytes()
    assert pages.mend_and_check_file(file) == []
    assert file.read_bytes() == once


def test_scripts_and_code_come_through_as_they_were(file):
    pages.mend_and_check_file(file)
    text = file.read_text()
    assert 'if (1 < 2 && 3 > 2) { f("&lt;"); }' in text
    assert "<pre>a &lt; b\n  c</pre>" in text
    assert text.startswith("<!DOCTYPE html>")


def test_a_page_with_a_complaint_is_checked_again_by_the_next_build(file):
    file.write_text(THEME.replace("{inner}", '<img src="stamp.png"/>'))
    first = pages.mend_and_check_file(file)
    assert len(first) == 2
    assert pages.mend_and_check_file(file) == first


def test_fragments_among_the_static_files_are_no_pages(tmp_path):
    for name in ("index.html", "a/b.html", "_static/macros.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert [file.relative_to(tmp_path).as_posix() for file in pages.built_pages(tmp_path)] == ["a/b.html", "index.html"]


def test_nothing_is_touched_after_a_failed_build(tmp_path, caplog):
    class App:
        outdir = tmp_path

    (tmp_path / "index.html").write_text("<p></p>")
    with caplog.at_level(logging.WARNING):
        pages.mend_and_check(App, RuntimeError("a cell failed"))
    assert (tmp_path / "index.html").read_text() == "<p></p>"


@pytest.mark.parametrize(("dots", "width"), [(288, "100"), (144, "200"), (None, "200")])
def test_a_picture_says_how_large_it_is_drawn(tmp_path, dots, width):
    options = {"dpi": (dots, dots)} if dots else {}
    Image.new("RGB", (200, 100)).save(tmp_path / "a.png", **options)
    page = BeautifulSoup('<article><img src="a.png"/><img src="gone.png"/></article>', "html.parser")
    pages.size_pictures(page, tmp_path)
    first, second = page.select("img")
    assert (first["width"], first["height"]) == (width, str(int(width) // 2))
    assert not second.has_attr("width"), "a missing file is for another check to say"


def test_a_picture_whose_author_gave_it_a_width_keeps_it(tmp_path):
    Image.new("RGB", (200, 100)).save(tmp_path / "a.png")
    page = BeautifulSoup('<article><img src="a.png" style="width: 50%"/></article>', "html.parser")
    pages.size_pictures(page, tmp_path)
    assert not page.img.has_attr("width")


def test_a_size_in_pixels_becomes_attributes_so_that_a_phone_keeps_the_proportions(tmp_path):
    page = BeautifulSoup('<article><img src="a.png" style="width: 765px; height: 391px;"/></article>', "html.parser")
    pages.size_pictures(page, tmp_path)
    assert (page.img["width"], page.img["height"], page.img.get("style")) == ("765", "391", None)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"no picture"])
def test_a_file_that_is_no_picture_is_named_and_the_other_complaints_stand_beside_it(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    file = tmp_path / "page.html"
    file.write_text(THEME.replace("{inner}", '<figure><img src="a.png" alt="a.png"/></figure>'))
    complaints = "\n".join(pages.mend_and_check_file(file))
    assert "a.png is no picture" in complaints
    assert "has a path as its alt text" in complaints


def test_a_picture_is_no_link_to_itself():
    link = '<a class="reference internal image-reference" href="../_images/a.png">'
    page = mended(f'{link}<img alt="b" src="a.png"/></a>')
    assert page.img
    assert not page.select("a:has(img)")
