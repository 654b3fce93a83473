"""The buttons that take a page's notebook elsewhere: download, Colab, Binder.

The theme links Colab and Binder to the page's Markdown source. Colab cannot open that, and JupyterLab opens it as text.
The book is published as the branch `gh-pages`, which holds what the build made: so both buttons open the notebook
there, and the download offers the same file.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from . import needs
from .notebooks import Page, plain_notebook
from .references import reference_text

logger = logging.getLogger(__name__)
BRANCH = "gh-pages"  # where the built book is published
REPOSITORY = re.compile(r"^https://[^/]+/(?:github|v2/gh)/[^/]+/[^/]+")


def buttons(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All buttons of the theme's header, those inside groups too."""
    for item in items:
        yield item
        yield from buttons(item.get("buttons", []))


def requirement(app: Sphinx) -> str:
    """What pip installs to get the library from the published repository."""
    return f"seeing-fairly @ git+{app.config.html_theme_options['repository_url']}#subdirectory=lib"


def write_notebook(app: Sphinx, docname: str) -> Path:
    """Write a page's notebook, for plain Jupyter, to where the download button points."""
    executed = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
    page = Page(
        Path(app.env.doc2path(docname)),
        Path(app.srcdir),
        lambda role, target: reference_text(app.env, docname, role, target),
    )
    notebook = plain_notebook(nbformat.read(executed, as_version=4), page, requirement(app))
    target = Path(app.outdir) / "_sources" / f"{docname}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    return target


def rewrite_buttons(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Make the notebook of a page, and point the buttons at it (`html-page-context`)."""
    found = list(buttons(context.get("header_buttons", [])))
    for button in found:
        # The one icon that would load a second icon font, 118 KB, on every page.
        if button.get("icon", "").startswith("fab "):
            button["icon"] = "fas fa-code-branch"
    if doctree is None or not context.get("ipynb_source"):
        return
    try:
        write_notebook(app, pagename)
    except ValueError:
        return  # write_site_files says so, of all pages and not only of those written now
    notebook = f"_sources/{pagename}.ipynb"
    for service, rest in {
        "Colab": f"/blob/{BRANCH}/{notebook}",
        "Binder": f"/{BRANCH}?urlpath=lab/tree/{notebook}",
    }.items():
        links = [button for button in found if button.get("text") == service]
        if not links:
            logger.warning("the theme made no %s button", service, location=pagename)
        for button in links:
            repository = REPOSITORY.match(button["url"])
            if repository is None:
                logger.warning("the theme's %s button has a new form: %s", service, button["url"], location=pagename)
                continue
            button["url"] = repository[0] + rest


def packages_of_all_pages(executed: Path) -> list[str]:
    """What the pages import beyond the library, as pip reads it; `executed` holds their notebooks.

    A page that imports what no reader could install is reported at every build, also where it was written before.
    """
    packages = set()
    for file in sorted(executed.rglob("*.ipynb")):
        try:
            packages |= set(needs.page_packages(nbformat.read(file, as_version=4)).values())
        except ValueError as error:
            logger.warning("%s", error, location=file.relative_to(executed).with_suffix("").as_posix())
    return sorted(packages)


def write_site_files(app: Sphinx, exception: Exception | None) -> None:
    """Put beside the pages what their publication needs (`build-finished`)."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    (site / ".nojekyll").touch()  # else GitHub serves no folder whose name starts with an underscore
    # From these Binder makes the environment of all pages.
    lines = [requirement(app), *packages_of_all_pages(site.parent / "jupyter_execute")]
    (site / "requirements.txt").write_text("\n".join(lines) + "\n")
