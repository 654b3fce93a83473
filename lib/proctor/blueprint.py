"""What the gradebook stores of an assignment's notebook: the only truth about its cells, grades and points."""

import json
from dataclasses import dataclass
from functools import lru_cache

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from proctor.gradebook import summary
from proctor.running.plan import names


@dataclass(frozen=True)
class Stored:
    """A cell as released.

    Args:
        kind: "code" or "markdown".
        source: its text; of a solution cell, the stub.
        metadata: what stands under `nbgrader` in it.
    """

    kind: str
    source: str
    metadata: NotebookNode

    @property
    def needed(self) -> bool:
        """Whether grading needs it, so that it is put back where it was deleted."""
        return bool(self.metadata.locked or self.metadata.grade or self.metadata.task)


@dataclass(frozen=True)
class Blueprint:
    """The stored cells of a notebook.

    Args:
        cells: `grade_id` -> cell, in the order of the master.
        answers: the names that its solution cells bind, as far as their stubs show.
        kernelspec: which kernel it is for; None where the master does not say.
        digest: changes whenever a cell or its points do.
    """

    cells: dict[str, Stored]
    answers: tuple[str, ...]
    kernelspec: NotebookNode | None
    digest: str


@lru_cache(maxsize=64)
def load(db_url: str, assignment: str, notebook: str) -> Blueprint:
    """Read a blueprint; once for a process, in which no assignment is released anew.

    Args:
        db_url: the gradebook.
        assignment: its id.
        notebook: the notebook's id.

    Raises:
        MissingEntry: if the gradebook does not know it.
    """
    with Gradebook(db_url) as gradebook:
        stored = gradebook.find_notebook(notebook, assignment)
        cells = {cell.name: Stored(cell.cell_type, cell.source, metadata(cell, stored)) for cell in stored.source_cells}
        kernelspec = json.loads(stored.kernelspec) if stored.kernelspec else None
        digest = summary(stored).digest
    solutions = [cell for cell in cells.values() if cell.metadata.solution and cell.kind == "code"]
    answers = sorted({name for cell in solutions for name in names(cell.source).bound})
    return Blueprint(cells, tuple(answers), kernelspec and NotebookNode(kernelspec), digest)


def metadata(cell, notebook) -> NotebookNode:
    """The nbgrader metadata of one of a gradebook's cells."""
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
