"""A link to a page reads as part of its sentence: without a text of its own it shows the page's short name.

Sphinx would show the title, and the titles of this book are whole questions. A page says its short name in its front
matter, `short_name: receptive fields`.
"""

import re

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join, logging

logger = logging.getLogger(__name__)

# What stands before the first word of a sentence: nothing, or the end of another one.
SENTENCE_START = re.compile(r"(?:^|[.!?][\"'’”)]*\s)\s*$")


def short_name(env: BuildEnvironment, docname: str) -> str | None:
    """What a page is called in a sentence; None for a page that does not say it."""
    return env.metadata.get(docname, {}).get("short_name")


def linked_page(docname: str, target: str) -> str:
    """The page that a link on `docname` leads to."""
    return target.lstrip("/") if target.startswith("/") else docname_join(docname, target)


def capitalised(text: str) -> str:
    """The text as the first words of a sentence."""
    return text[:1].upper() + text[1:]


class ShortNames(SphinxPostTransform):
    """Gives every link without a text its page's short name, with a capital where a sentence begins with it."""

    default_priority = 5  # before Sphinx resolves the links (10)

    def run(self, **kwargs) -> None:
        """Change the links of one page."""
        for link in self.document.findall(pending_xref):
            if link["reftype"] == "doc" and not link["refexplicit"]:
                self.rename(link)

    def rename(self, link: pending_xref) -> None:
        """Give one link its text."""
        page = linked_page(link["refdoc"], link["reftarget"])
        name = short_name(self.env, page)
        if name is None:
            if page in self.env.all_docs:
                logger.warning("%s has no short_name in its front matter, and a link needs one", page, location=link)
            return
        if SENTENCE_START.search(text_before(link)):
            name = capitalised(name)
        link["refexplicit"] = True
        link.children = []
        link += nodes.inline("", name)


def text_before(node: nodes.Node) -> str:
    """The text of its paragraph or cell that stands before a node."""
    before = ""
    while isinstance(node.parent, nodes.Element) and isinstance(node, nodes.Inline | nodes.Text):
        siblings = node.parent.children[: node.parent.index(node)]
        before = "".join(sibling.astext() for sibling in siblings) + before
        node = node.parent
    return before
