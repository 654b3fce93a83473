"""What becomes of a page that failed: it says so at its top, and the last line of the build says what to do."""

import atexit
import os
import sys
from pathlib import Path

from docutils import nodes
from nbformat import NotebookNode
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .executed import Execution
from .kernels import Failure
from .licences import refusal

logger = logging.getLogger(__name__)
TO_PUBLISH = "BOOK_TO_PUBLISH"  # set by `make publish`
SAID_LATER = "BOOK_SAYS_LATER"  # set where make repeats the last line when all else is done
REPORT = "failed.txt"


def lost_labels(notebook: NotebookNode) -> set[str]:
    """The names of the figures that a page's cells would have drawn."""
    figures = (cell.metadata.get("mystnb", {}).get("figure", {}) for cell in notebook.cells)
    return {nodes.fully_normalize_name(figure["name"]) for figure in figures if "name" in figure}


def summary(failures: list[Failure]) -> str:
    """One line for all that failed: which pages, how, and what to do, each advice once."""
    which = "; ".join(f"{failure.page}: {failure.what}" for failure in failures)
    advice = " ".join(dict.fromkeys(f"{failure.advice}." for failure in failures))
    return f"The book is not whole. {which}. {advice}"


class Failures:
    """Connects what failed in one build to Sphinx's events."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution

    def notice(self, app: Sphinx, doctree: nodes.document) -> None:
        """Say at the top of a failed page that it failed (`doctree-read`)."""
        failure = self.execution.failures.get(app.env.docname)
        if failure is None:
            return
        title = nodes.title("", "This page could not be run")
        text = nodes.paragraph("", f"What stands here is without its figures and numbers. {failure}")
        section = next(doctree.findall(nodes.section), doctree)
        at = 1 if section.children and isinstance(section[0], nodes.title) else 0
        section.insert(at, nodes.admonition("", title, text, classes=["danger", "failed-page"]))

    def excuse(
        self, app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
    ) -> nodes.Element | None:
        """A reference to a figure that a failed page did not draw is text, and no mistake (`missing-reference`)."""
        failed = self.execution.notebooks.keys() & self.execution.failures.keys()
        lost = (lost_labels(self.execution.notebooks[page]) for page in failed)
        return content if any(node.get("reftarget", "").lower() in labels for labels in lost) else None

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Fail the build, say why a line a page, and have the last line say it (`build-finished`)."""
        found = [failure for _, failure in sorted(self.execution.failures.items())]
        if os.environ.get(TO_PUBLISH):
            readings = sorted(self.execution.readings.items())
            found += [refused for page, reading in readings if (refused := refusal(page, reading))]
        report = Path(app.outdir).parent / REPORT
        if exception is not None:
            last = f"The book was not built. {type(exception).__name__}: {' '.join(str(exception).split())}"
        elif found:
            for failure in found:
                logger.warning(str(failure))
            app.statuscode = 1
            last = summary(found)
        else:
            report.unlink(missing_ok=True)
            return
        report.write_text(last + "\n", encoding="utf-8")
        if not os.environ.get(SAID_LATER):
            atexit.register(say, last)


def say(line: str) -> None:
    """Print a line after everything else."""
    sys.stdout.flush()
    print(line, file=sys.stderr, flush=True)
