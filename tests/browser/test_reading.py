"""What a reader does with the book: search, switch to dark, unfold an answer, take a notebook away."""

import re
import urllib.parse
from pathlib import Path

import nbformat
import pytest

from tests.browser.conftest import come_to_rest

FOLDED = "details.solution"
SCROLL = """async () => {
    for (const way of [document.body.scrollHeight, -300]) {
        const moved = new Promise(done => window.addEventListener('scroll', done, {once: true}));
        window.scrollBy({top: way, behavior: 'instant'});
        await moved;
    }
}"""


def pages_with(built: Path, text: str) -> list[str]:
    """The pages whose source holds `text`."""
    return [
        file.relative_to(built).as_posix()
        for file in sorted(built.rglob("*.html"))
        if file.relative_to(built).parts[0] != "_static" and text in file.read_text(encoding="utf-8")
    ]


@pytest.fixture
def notebook_page(built) -> str:
    """The page made from a notebook that has the most code."""
    names = pages_with(built, "btn-download-notebook-button")
    return max(names, key=lambda name: (built / name).read_text(encoding="utf-8").count('class="highlight"'))


def test_search_finds_a_page_by_a_word_of_its_title(visit, built, notebook_page):
    title = re.search(r"<title>(.*?)</title>", (built / notebook_page).read_text(encoding="utf-8"))[1]
    word = max(re.findall(r"[A-Za-z]+", title.split("&#8212;")[0].split("—")[0]), key=len)
    with visit(f"search.html?q={word}") as seen:
        results = seen.page.locator("#search-results li a")
        results.first.wait_for()
        targets = [link.get_attribute("href").split("?")[0].split("#")[0] for link in results.all()]
    assert notebook_page in targets, f"search for {word!r} gives {targets}"


def test_control_k_opens_the_search_with_the_cursor_in_it(visit):
    with visit("index.html") as seen:
        seen.page.keyboard.press("Control+k")
        assert seen.page.locator("#pst-search-dialog[open]").count() == 1
        assert seen.page.evaluate("document.activeElement.type") == "search"
        seen.page.keyboard.press("Escape")
        assert seen.page.locator("#pst-search-dialog[open]").count() == 0


def test_the_theme_switch_changes_the_page_and_is_remembered(visit):
    with visit("index.html", "light") as seen:
        page = seen.page
        background = "getComputedStyle(document.body).backgroundColor"
        before = page.evaluate(background)
        button = page.locator("button.theme-switch-button:visible").first
        for _ in range(3):  # light, dark and what the system says, in the theme's order
            if page.evaluate("document.documentElement.dataset.theme") == "dark":
                break
            button.click()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate(background) != before
        page.reload()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_folded_answer_opens_and_closes_by_keyboard(visit, built):
    pages = pages_with(built, "solution admonition")
    assert pages, "no page has an exercise with a folded answer"
    with visit(pages[0]) as seen:
        answer = seen.page.locator(FOLDED).first
        assert answer.get_attribute("open") is None
        answer.locator("summary").focus()
        seen.page.keyboard.press("Enter")
        assert answer.get_attribute("open") is not None
        assert answer.locator("section").first.is_visible()
        seen.page.keyboard.press("Space")
        assert answer.get_attribute("open") is None


def test_what_the_buttons_of_a_notebook_page_point_to_is_there(visit, built):
    for name in pages_with(built, "btn-download-notebook-button"):
        with visit(name) as seen:
            address = seen.page.locator("a.btn-download-notebook-button").get_attribute("href")
            colab = seen.page.locator('a[href*="colab.research"]').get_attribute("href")
        notebook = built / Path(name).parent / address
        assert notebook.is_file(), f"{name} offers {address}, which was not built"
        nbformat.validate(nbformat.read(notebook, as_version=4))
        published = urllib.parse.unquote(colab).partition("/blob/gh-pages/")[2]
        assert (built / published).resolve() == notebook.resolve(), f"{name}: Colab opens {colab}"


def test_code_can_be_copied(visit, notebook_page):
    with visit(notebook_page) as seen:
        page = seen.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        button = page.locator("button.copybtn:visible").first  # not one inside a closed fold
        code = page.locator(button.get_attribute("data-clipboard-target")).inner_text()
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("button => button.classList.contains('success')", arg=button.element_handle())
        assert page.evaluate("navigator.clipboard.readText()").strip() == code.strip()


@pytest.mark.parametrize(
    ("what", "width", "opener"),
    [
        ("the search", 1280, "button.search-button__button:visible"),
        ("the download menu", 1280, ".dropdown-download-buttons > button"),
        ("the table of contents on a phone", 390, "button.primary-toggle"),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_opened_parts_are_accessible(visit, axe, notebook_page, scheme, what, width, opener):
    with visit(notebook_page, scheme, width=width) as seen:
        seen.page.locator(opener).first.click()
        opened = seen.page.locator("dialog[open], .dropdown-menu.show, .bd-sidebar-primary").first
        opened.wait_for()
        come_to_rest(seen.page)
        problems = axe(seen.page, f"{what} open, {scheme}")
    assert not problems, "\n".join(problems)


def test_the_page_stays_accessible_when_scrolled(visit, axe, notebook_page):
    """At the end, and on the way up again, when themes show a button back to the top."""
    with visit(notebook_page) as seen:
        seen.page.evaluate(SCROLL)
        come_to_rest(seen.page)
        problems = axe(seen.page, "at the end of the page")
    assert not problems, "\n".join(problems)
