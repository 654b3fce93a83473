"""The last pass over the built pages: mends what the theme gets wrong, then holds each page to the book's rules.

The mending is a list of small changes, each to one kind of element. Those that every page of the theme must have say
so: if one is gone after an upgrade of the theme, the build warns (and so fails) instead of dropping the mending in
silence. The others name the defect itself ("an element with the deprecated role"), so they apply where it appears.
A page that needed no complaint is marked, and is left alone by the next build until Sphinx writes it anew.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util import logging

from . import figures

logger = logging.getLogger(__name__)
IN_PIXELS = re.compile(r"width: (\d+)px; height: (\d+)px;?")
MARK = "<!-- mended and checked by seeing_book -->"


@dataclass(frozen=True)
class Mend:
    """One change to every element that `selector` finds; with `always`, a page without one is an error."""

    selector: str
    change: Callable[[Tag], None]
    always: bool = False


def setting(**attributes: str) -> Callable[[Tag], None]:
    """A change that sets attributes; underscores stand for hyphens."""

    def change(element: Tag) -> None:
        for name, value in attributes.items():
            element[name.replace("_", "-")] = value

    return change


def dropping(*names: str) -> Callable[[Tag], None]:
    """A change that removes attributes."""

    def change(element: Tag) -> None:
        for name in names:
            del element[name]

    return change


def name_chapter_fold(summary: Tag) -> None:
    """The arrow that opens a chapter in the sidebar is an icon alone: say whose pages it folds."""
    chapter = summary.parent.find_previous_sibling("a")
    summary["aria-label"] = f"Pages of {chapter.get_text(strip=True)}" if chapter else "Pages of this chapter"


def name_checkbox(box: Tag) -> None:
    """A task list's box is labelled by the line it stands in."""
    box["aria-label"] = " ".join(box.parent.get_text().split())


def into_main(button: Tag) -> None:
    """The button back to the top stands outside all landmarks; its place on the screen is fixed anyway."""
    main = button.find_next("main")
    main.append(button.extract())


def into_details(box: Tag) -> None:
    """A folded answer as the browser's own fold: it opens by keyboard, without scripts, and when a search finds it."""
    title = box.select_one("p.admonition-title")
    box.name, title.name = "details", "summary"
    box["class"].remove("dropdown")
    for link in title.select("a"):  # a link inside the handle would be a control inside a control
        link.unwrap()


def without_empty_headers(table: Tag) -> None:
    """The corner of a table whose rows have names is no header of anything."""
    for header in table.select("th"):
        if not header.get_text(strip=True) and not header.find(["img", "svg"]):
            header.name = "td"


MENDS = (
    Mend("#pst-primary-sidebar", setting(role="complementary", aria_label="Book"), always=True),
    Mend("#pst-back-to-top", into_main, always=True),
    # 540 KB gzipped on every page to draw what the theme's own style sheet draws from its icon font.
    Mend('script[src*="scripts/fontawesome.js"]', Tag.decompose, always=True),
    Mend("#pst-primary-sidebar details > summary", name_chapter_fold),
    Mend("input.task-list-item-checkbox", name_checkbox),
    Mend("div.admonition.dropdown", into_details),
    Mend("article table", without_empty_headers),
    # The handle says "Show code cell source" already; this label would hide that from screen readers.
    Mend('summary[aria-label="Toggle hidden content"]', dropping("aria-label")),
    Mend('[role="doc-biblioentry"]', setting(role="listitem")),
    # Sphinx links each picture whose size is stated to its file: a stop for the keyboard that leads nowhere new.
    Mend('article a.image-reference[href*="_images/"]', Tag.unwrap),
    # The same id for each exercise of a page.
    Mend("#exercise-content, #solution-content", dropping("id")),
    # matplotlib's animations: a style sheet from a content network, and a slider without a name.
    Mend('article link[href^="http"]', Tag.decompose),
    Mend('.animation input[type="range"]', setting(aria_label="Frame")),
)


def size_pictures(page: BeautifulSoup, folder: Path) -> list[str]:
    """Say how large each PNG is drawn, in pixels of 144 to the inch: the dots beyond are for sharp screens.

    The page then knows the place of a picture before the picture is there. As attributes: sizes in a style, as myst-nb
    writes them, would keep a picture's height where a phone makes it narrower. Returns the files that are no pictures,
    a line each.
    """
    unreadable = []
    for picture in page.select('article img[src$=".png"]:not([width])'):
        file = folder / picture["src"]
        if stated := IN_PIXELS.fullmatch(picture.get("style", "")):
            picture["width"], picture["height"] = stated.groups()
            del picture["style"]
        elif not picture.has_attr("style") and file.is_file():
            try:
                picture["width"], picture["height"] = size_drawn(file)
            except OSError:
                unreadable.append(f"{file.name} is no picture that a browser could show: make the file anew")
    return unreadable


def size_drawn(file: Path) -> tuple[str, str]:
    """The width and the height at which a page shows this picture; OSError where it cannot be read as one."""
    with Image.open(file) as image:
        times = max(1, image.info.get("dpi", (144, 144))[0] / 144)
        width, height = (round(side / times) for side in image.size)
    return str(width), str(height)


def mend(page: BeautifulSoup) -> list[str]:
    """Apply every mend to a page as the theme made it; the elements that were not where they must be, a line each."""
    missing = []
    for rule in MENDS:
        elements = page.select(rule.selector)
        for element in elements:
            rule.change(element)
        if rule.always and not elements:
            missing.append(f"the theme no longer has {rule.selector}: look at what became of it and change MENDS")
    return missing


def mend_and_check_file(file: Path) -> list[str]:
    """Mend one built page in place, unless it was; what is wrong with it, a line each, in which case it is left."""
    text = file.read_text(encoding="utf-8")
    if MARK in text:
        return []
    page = BeautifulSoup(text, "html.parser")
    found = size_pictures(page, file.parent) + mend(page) + figures.complaints(page)
    if not found:
        file.write_text(page.decode(formatter="minimal") + MARK, encoding="utf-8")
    return found


def built_pages(folder: Path) -> list[Path]:
    """The book's pages under `folder`, without the fragments that the theme keeps among its static files."""
    return [
        file
        for file in sorted(folder.rglob("*.html"))
        if file.relative_to(folder).parts[0] not in {"_static", "_sources", "mathjax"}
    ]


def mend_and_check(app: Sphinx, exception: Exception | None) -> None:
    """Mend and check the pages after a build without errors (`build-finished`); each complaint is a warning."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    for file in built_pages(folder):
        for complaint in mend_and_check_file(file):
            logger.warning("%s: %s", file.relative_to(folder).with_suffix("").as_posix(), complaint)
