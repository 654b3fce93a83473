"""Pages that left the table of contents leave the built book too; Sphinx itself never deletes."""

from pathlib import Path

from sphinx.application import Sphinx

from .pages import built_pages

# What Sphinx writes besides the pages themselves.
KEPT = {"genindex", "search", "py-modindex"}


def remove_stale(app: Sphinx, exception: Exception | None) -> None:
    """Delete the html and the executed notebook of every page that is no longer in the book."""
    if exception or app.builder.format != "html":
        return
    built = Path(app.outdir)
    executed = built.parent / "jupyter_execute"
    for folder, files in [(built, built_pages(built)), (executed, list(executed.rglob("*.ipynb")))]:
        for file in files:
            if file.relative_to(folder).with_suffix("").as_posix() not in app.env.found_docs | KEPT:
                file.unlink()
