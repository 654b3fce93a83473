"""The book's own Sphinx extension: everything the pages need that Jupyter Book does not give.

Each module holds one concern and the reason for it; this one only says when each is called.
"""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx

from . import drag, figures, launch, mathjax, pages, predictions, stale, streams
from .executed import Execution
from .failures import Failures
from .short_names import ShortNames


def appearance_digest(*folders: Path) -> str:
    """A digest of all files in `folders`.

    Sphinx compares page sources only, and with none changed does not even copy a changed style sheet. As the value of
    an option, this makes it write all pages again when the book's scripts, styles or this package changed.
    """
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def setup(app: Sphinx) -> dict:
    """Connect the modules to Sphinx's events."""
    appearance = appearance_digest(Path(__file__).parent, Path(app.srcdir) / "_static")
    app.add_config_value("seeing_book_appearance", appearance, "html", str)
    # Jupyter Book sets this option of an extension that _config.yml leaves out; name it, or Sphinx complains.
    app.add_config_value("comments_config", {}, "", dict)

    # Before Sphinx checks html_extra_path (800) and before anything reads the options.
    app.connect("config-inited", mathjax.bundle, priority=100)

    execution = Execution()
    failures = Failures(execution)
    app.connect("config-inited", execution.place, priority=100)
    app.connect("env-get-outdated", execution.prepare)
    app.connect("env-purge-doc", execution.forget)
    app.connect("source-read", execution.point)
    app.connect("doctree-read", execution.write)
    app.connect("doctree-read", failures.notice)
    app.connect("missing-reference", failures.excuse)

    predictions.setup(app)
    app.add_post_transform(ShortNames)
    app.connect("doctree-read", streams.merge_streams)
    app.connect("doctree-resolved", figures.name_html_outputs)

    # After the theme has made its buttons (501).
    app.connect("html-page-context", launch.rewrite_buttons, priority=900)
    app.connect("html-page-context", drag.load_scripts)

    app.connect("build-finished", stale.remove_stale)
    app.connect("build-finished", launch.write_site_files)
    # Nothing may change a page after it was mended and checked.
    app.connect("build-finished", pages.mend_and_check, priority=900)
    app.connect("build-finished", execution.clean, priority=910)
    app.connect("build-finished", failures.finish, priority=920)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
