"""Every picture has a caption, and a text that says what it shows to readers who do not see it.

`name_html_outputs` gives a cell's HTML outputs (animations) the alt text its metadata states, which myst-nb does only
for images; `complaints` reads a finished page and lists what is missing.
"""

import html
import re
from pathlib import PurePosixPath

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx

PICTURES = ("img", "svg", "video", "canvas")
SUFFIXES = (".png", ".svg", ".jpg", ".jpeg", ".gif", ".webp")
NAMELESS = re.compile(r"<(img|svg|video|canvas)\b(?![^>]*\s(?:alt|aria-label|aria-hidden)=)")


def with_alt(fragment: str, alt: str) -> str:
    """`fragment` of HTML, each picture that has no name given `alt` as its name."""

    def name(match: re.Match) -> str:
        value = html.escape(alt)
        if match[1] == "img":
            return f'<img alt="{value}"'
        return f'<{match[1]} role="img" aria-label="{value}"'

    return NAMELESS.sub(name, fragment)


def name_html_outputs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write a cell's stated alt text into the pictures of its HTML outputs (`doctree-resolved`)."""
    for cell in doctree.findall(nodes.container):
        image = cell.get("cell_metadata", {}).get("mystnb", {}).get("image", {})
        if "alt" not in image:
            continue
        for output in cell.findall(nodes.raw):
            if output.get("format") == "html":
                output[:] = [nodes.Text(with_alt(output.astext(), image["alt"]))]


def alt_problem(alt: str, source: str) -> str | None:
    """What is wrong with `alt` as the text of the picture at `source`; None where it can stand."""
    text = alt.strip()
    if not text:
        return "has no alt text"
    file = PurePosixPath(source).name
    if "/" in text or text.startswith("_images") or text.lower().endswith(SUFFIXES) or (file and text in file):
        return f"has a path as its alt text ({text!r})"
    return None


def stated_name(picture: Tag) -> str:
    """The name a screen reader gives `picture`; empty where it has none."""
    if picture.name == "img":
        return picture.get("alt", "")
    title = picture.find("title", recursive=False)
    return picture.get("aria-label", "") or (title.get_text() if title else "")


def complaints(page: BeautifulSoup) -> list[str]:
    """What the pictures of a page's article lack, a line each with what to do."""
    found = []
    for picture in page.select(", ".join(f"article.bd-article {kind}" for kind in PICTURES)):
        # Drawn icons (the arrow of a dropdown) carry aria-hidden: they say nothing the text does not.
        if picture.find_parent(attrs={"aria-hidden": "true"}) or picture.get("aria-hidden") == "true":
            continue
        source = "" if picture.get("src", "").startswith("data:") else picture.get("src", "")
        label = f"picture {PurePosixPath(source).name or '<' + picture.name + '>'}"
        if problem := alt_problem(stated_name(picture), source):
            found.append(f"{label} {problem}: say what it shows, `mystnb: image: alt:` in a cell, `:alt:` in a figure")
        figure = picture.find_parent("figure")
        caption = figure.find("figcaption") if figure else None
        if caption is None or not caption.get_text(strip=True):
            found.append(f"{label} has no caption: `mystnb: figure: caption:` in a cell, or a {{figure}} with text")
    return found
