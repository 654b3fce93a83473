"""Submissions as notebooks: what the gradebook says of a cell replaces what the student's file says."""

import hashlib
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from proctor.gradebook import summary

NOTICE = "**`{}` was missing from the submitted notebook. It was put back before grading.**"


class RepairSubmission(NbGraderPreprocessor):
    """First of the sanitisers: leaves a notebook whose graded cells are those of the gradebook, each once.

    Flags and points come from the gradebook; copies, unknown and broken ones become ordinary cells; tags go
    (one of them would skip a test); missing tests, locked cells and hand-graded answers are put back.
    What was found is noted under `proctor` in the notebook's metadata, for the class table.
    """

    def preprocess(self, nb, resources):
        """Repair a notebook in place.

        Args:
            nb: the submission, any cells and metadata.
            resources: nbconvert's; `unreadable` says why the notebook stands in for a file.
        """
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            wanted = {cell.name: metadata(cell, notebook) for cell in notebook.source_cells}
            sources = {cell.name: (cell.cell_type, cell.source) for cell in notebook.source_cells}
            digest = summary(notebook).digest
        keep_known(nb, wanted)
        missing = put_back(nb, wanted, sources)
        path = Path(resources["metadata"]["path"], f"{names['notebook']}.ipynb")
        nb.metadata["proctor"] = NotebookNode(
            submitted=file_digest(path),
            tests=digest,
            put_back=missing,
            unreadable=resources.get("unreadable"),
        )
        return nb, resources


def metadata(cell, notebook) -> NotebookNode:
    """The nbgrader metadata of a stored cell."""
    points = {one.name: one.max_score for one in [*notebook.grade_cells, *notebook.task_cells]}
    found = NotebookNode(
        schema_version=3,
        grade_id=cell.name,
        grade=any(one.name == cell.name for one in notebook.grade_cells),
        solution=any(one.name == cell.name for one in notebook.solution_cells),
        task=any(one.name == cell.name for one in notebook.task_cells),
        locked=bool(cell.locked),
        checksum=cell.checksum,
        cell_type=cell.cell_type,
    )
    if cell.name in points:
        found["points"] = points[cell.name]
    return found


def keep_known(nb: NotebookNode, wanted: dict[str, NotebookNode]) -> None:
    """Give known cells the gradebook's metadata; the last of several copies counts, as in stock nbgrader.

    Args:
        nb: changed in place.
        wanted: `grade_id` -> metadata.
    """
    seen = set()
    for cell in reversed(nb.cells):
        claimed = cell.metadata.pop("nbgrader", None)
        cell.metadata.pop("tags", None)
        name = claimed.get("grade_id") if isinstance(claimed, dict) else None
        if isinstance(name, str) and name in wanted and name not in seen:
            seen.add(name)
            cell.metadata["nbgrader"] = wanted[name]


def put_back(nb: NotebookNode, wanted: dict[str, NotebookNode], sources: dict[str, tuple[str, str]]) -> list[str]:
    """Put the cells back that grading needs, each before the first later one that is still there.

    A student's missing solution cell stays away: it may have been rewritten in a cell of the student's own, and
    the stub would replace that.

    Args:
        nb: changed in place.
        wanted: `grade_id` -> metadata, in the order of the master.
        sources: `grade_id` -> cell type, source.

    Returns:
        The names of the cells put back.
    """
    order = list(wanted)
    present = {cell.metadata["nbgrader"]["grade_id"] for cell in nb.cells if "nbgrader" in cell.metadata}
    needed = [name for name in order if wanted[name].locked or wanted[name].grade or wanted[name].task]
    missing = [name for name in needed if name not in present]
    for name in missing:
        later = set(order[order.index(name) + 1 :])
        place = next(
            (i for i, cell in enumerate(nb.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") in later),
            len(nb.cells),
        )
        kind, source = sources[name]
        new = (new_code_cell if kind == "code" else new_markdown_cell)(source, metadata={"nbgrader": wanted[name]})
        nb.cells[place:place] = [new_markdown_cell(NOTICE.format(name)), new]
    return missing


def file_digest(path: Path) -> str | None:
    """A digest of a file's content; None where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
