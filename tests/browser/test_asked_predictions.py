"""A prediction in the browser, on a small page built with the real extension: by mouse, by keyboard, and without."""

import functools
import http.server
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.book.conftest import SmallBook

TEXT = """
:::{predict}
What is $1 + 1$?

- [ ] one

  A *one* is only the first of them.

- [x] two

  Both count.
:::
"""
NUMBER = """
## A number

:::{predict} Predict before you look.
:number: 250
:tolerance: 10
:unit: million

How many?

It is a *square*.
:::
"""

BELOW = """
The square of something near sixteen.

- So much for it.

## Another matter

Nothing is asked here.
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The address of the page."""
    book = SmallBook(Path(__file__).parents[2], tmp_path_factory.mktemp("asked"))
    book.cells("ask", "x = 1", "1 + 1", "3 + 4", text=TEXT)
    page = book.folder / "book" / "ask.md"
    page.write_text(page.read_text() + NUMBER + "\n```{code-cell} ipython3\n250\n```\n" + BELOW)
    build = book.build()
    assert build.returncode == 0, build.stderr
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(book.html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def opened(browser, asked):
    """Opens the page; nothing may be asked elsewhere, and nothing go wrong."""

    @contextmanager
    def open_page(scripts=True, **options):
        context = browser.new_context(java_script_enabled=scripts, **options)
        page, errors, sent = context.new_page(), [], []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: sent.append((request.method, request.url)))
        page.goto(f"{asked}/ask.html")
        if scripts:
            page.locator("form.predict[data-ready]").nth(1).wait_for()
        yield page
        assert errors == []
        assert [one for one in sent if one[0] != "GET" or not one[1].startswith((asked, "data:"))] == []
        assert page.url == f"{asked}/ask.html"
        context.close()

    return open_page


def outputs(page):
    return [output.is_visible() for output in page.locator("div.cell_output").all()]


def said(form):
    return " ".join(form.locator("output").inner_text().split())


def test_by_mouse(opened):
    with opened() as page:
        form = page.locator("form.predict").first
        assert outputs(page) == [False, True, False]  # the first cell has none
        form.get_by_role("button", name="Commit").click()  # nothing is chosen yet
        assert (said(form), outputs(page)) == ("", [False, True, False])
        form.get_by_role("radio", name="one").check()
        form.get_by_role("button", name="Commit").click()
        assert form.locator("output").get_attribute("aria-live") == "polite"
        assert said(form) == "Not so: one. A one is only the first of them. Right: two. Both count."
        assert outputs(page) == [True, True, False]
        form.get_by_role("radio", name="two").check()
        form.get_by_role("button", name="Commit").click()
        assert said(form) == "Right: two. Both count."


def test_by_keyboard(opened):
    with opened() as page:
        form = page.locator("form.predict").first
        form.get_by_role("radio", name="one").focus()
        for key in ("Space", "ArrowDown", "Tab", "Enter"):
            page.keyboard.press(key)
        assert said(form) == "Right: two. Both count."
        assert outputs(page) == [True, True, False]


def test_show_without_guessing(opened):
    with opened() as page:
        form = page.locator("form.predict").first
        form.get_by_role("button", name="Show without guessing").focus()
        page.keyboard.press("Enter")
        assert outputs(page) == [True, True, False]
        assert form.locator(".predict-why").nth(1).is_visible()
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize(("guess", "verdict"), [("240", "Right"), ("239", "Too low"), ("260.5", "Too high")])
def test_a_number(opened, guess, verdict):
    with opened() as page:
        form = page.locator("form.predict").nth(1)
        form.get_by_role("spinbutton", name="Your guess million").fill(guess)
        page.keyboard.press("Enter")
        assert said(form) == f"{verdict}: 250 million. It is a square."
        assert outputs(page) == [False, True, True]


def test_the_sentences_below_an_output_wait_with_it(opened):
    """They say what came out; what stands under the next heading does not."""
    with opened() as page:
        below = [page.get_by_text(text) for text in ("The square of something", "So much for it", "Nothing is asked")]
        assert [text.is_visible() for text in below] == [False, False, True]
        page.locator("form.predict").nth(1).get_by_role("button", name="Show without guessing").click()
        assert [text.is_visible() for text in below] == [True, True, True]


def test_without_scripts_nothing_is_covered_and_the_answers_are_folded(opened):
    with opened(scripts=False) as page:
        form = page.locator("form.predict").first
        assert outputs(page) == [True, True, True]
        assert not form.locator(".predict-why").first.is_visible()
        form.locator("summary").click()
        assert form.locator(".predict-why").first.is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_in_print_all_is_there(opened, scripts):
    with opened(scripts=scripts) as page:
        page.emulate_media(media="print")
        assert outputs(page) == [True, True, True]
        for item in page.locator(".predict-why").all():
            assert item.is_visible()
            assert item.bounding_box()["height"] > 0
        assert page.locator("button:visible", has_text="Commit").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_accessible_and_inside_the_screen(opened, axe, scheme, width):
    with opened(color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce") as page:
        problems = axe(page, f"{scheme}, {width} px, covered")
        page.get_by_role("radio", name="one").check()
        page.get_by_role("button", name="Commit").first.click()
        problems += axe(page, f"{scheme}, {width} px, answered")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not problems, "\n".join(problems)
