"""Submissions as notebooks: what the gradebook says of a cell replaces what the student's file says."""

import hashlib
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from proctor import blueprint
from proctor.blueprint import Blueprint, Stored
from proctor.cells import name_apart, new_cell

NOTICE = "**`{}` was missing from the submitted notebook. It was put back before grading.**"


class RepairSubmission(NbGraderPreprocessor):
    """The sanitiser: leaves a notebook whose graded cells are those of the gradebook, each once, and no outputs.

    Flags, points, locked text and cell types come from the gradebook; copies, unknown and broken ones become
    ordinary cells; all other metadata goes (a tag could skip a test); missing tests, locked cells and hand-graded
    answers are put back. What was found is noted under `proctor` in the notebook's metadata, for the class table.
    """

    def preprocess(self, nb, resources):
        """Repair a notebook in place.

        Args:
            nb: the submission, any cells and metadata.
            resources: nbconvert's; `unreadable` says why the notebook stands in for a file.
        """
        names = resources["nbgrader"]
        stored = blueprint.load(names["db_url"], names["assignment"], names["notebook"])
        missing = repair(nb, stored)
        path = Path(resources["metadata"]["path"], f"{names['notebook']}.ipynb")
        nb.metadata["proctor"] = NotebookNode(
            submitted=file_digest(path),
            tests=stored.digest,
            put_back=missing,
            unreadable=resources.get("unreadable"),
        )
        return nb, resources


def repair(nb: NotebookNode, stored: Blueprint) -> list[str]:
    """Repair a notebook in place.

    Args:
        nb: any cells, metadata and outputs.
        stored: what the gradebook knows.

    Returns:
        The names of the cells that were put back.
    """
    nb.metadata = NotebookNode(language_info=NotebookNode(name="python"))
    if stored.kernelspec:
        nb.metadata["kernelspec"] = stored.kernelspec
    keep_known(nb, stored.cells)
    missing = put_back(nb, stored.cells)
    name_apart(nb.cells)
    return missing


def keep_known(nb: NotebookNode, wanted: dict[str, Stored]) -> None:
    """Give known cells what the gradebook says; the last of several copies counts, as in stock nbgrader.

    Args:
        nb: changed in place.
        wanted: `grade_id` -> cell.
    """
    seen = set()
    for position in reversed(range(len(nb.cells))):
        cell = nb.cells[position]
        claimed = cell.metadata.get("nbgrader")
        name = claimed.get("grade_id") if isinstance(claimed, dict) else None
        cell.metadata = NotebookNode()
        if isinstance(name, str) and name in wanted and name not in seen:
            seen.add(name)
            nb.cells[position] = restored(cell, wanted[name])
        elif cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def restored(cell: NotebookNode, stored: Stored) -> NotebookNode:
    """A student's cell as a stored one: of its type, and with its text where students may not edit it."""
    locked = stored.metadata.locked or (stored.metadata.grade and not stored.metadata.solution)
    fresh = released(stored, stored.source if locked else cell.source)
    if stored.kind == "markdown" and "attachments" in cell:
        fresh["attachments"] = cell["attachments"]
    return fresh


def released(stored: Stored, source: str) -> NotebookNode:
    """A cell of a stored one's type and metadata."""
    return new_cell(stored.kind, source, NotebookNode(nbgrader=NotebookNode(stored.metadata)))


def put_back(nb: NotebookNode, wanted: dict[str, Stored]) -> list[str]:
    """Put the cells back that grading needs, each before the first later one that is still there.

    A student's missing solution cell stays away: it may have been rewritten in a cell of the student's own, and
    the stub would replace that.

    Args:
        nb: changed in place.
        wanted: `grade_id` -> cell, in the order of the master.

    Returns:
        The names of the cells put back.
    """
    order = list(wanted)
    present = {cell.metadata["nbgrader"]["grade_id"] for cell in nb.cells if "nbgrader" in cell.metadata}
    missing = [name for name in order if wanted[name].needed and name not in present]
    for name in missing:
        later = set(order[order.index(name) + 1 :])
        place = next(
            (i for i, cell in enumerate(nb.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") in later),
            len(nb.cells),
        )
        nb.cells[place:place] = [
            new_cell("markdown", NOTICE.format(name)),
            released(wanted[name], wanted[name].source),
        ]
    return missing


def file_digest(path: Path) -> str | None:
    """A digest of a file's content; None where it is no file that can be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
    except OSError:
        return None
