"""The scripts of the figures to drag: each page loads those that its cells wrote numbers for, and no others.

A cell's output is `<script type="application/json" data-drag="NAME">`, made by `seeing.book.dragged`; its script is
`_static/drag_NAME.mjs`. The path to it depends on where the page is, so it is added here and not by the cell.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
NUMBERS = re.compile(r'<script type="application/json" data-drag="([a-z_]+)">')


def dragged(doctree: nodes.document) -> list[str]:
    """The names of the figures to drag of a page."""
    html = (raw.astext() for raw in doctree.findall(nodes.raw) if raw.get("format") == "html")
    return sorted({name for text in html for name in NUMBERS.findall(text)})


def load_scripts(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Add the scripts of this page to its head (`html-page-context`)."""
    for name in dragged(doctree) if doctree else ():
        file = f"drag_{name}.mjs"
        if not (Path(app.srcdir) / "_static" / file).is_file():
            logger.warning("%s: the figure to drag %r needs the script _static/%s", page, name, file)
            continue
        app.add_js_file(file, type="module")
