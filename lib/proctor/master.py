"""Masters: one MyST notebook an assignment, turned into the notebook that nbgrader reads."""

import hashlib
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from proctor.course import Course, CourseError, write_if_changed
from proctor.inspection import SAME_PROCESS, problems

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
TAG = "student-process"  # on a test that has to run in the student's process
FLAGS = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}


def read_master(path: Path) -> NotebookNode:
    """Read a master.

    Args:
        path: a MyST notebook; a cell's nbgrader metadata may leave out the flags that are false.

    Returns:
        The notebook, format 4.5: no outputs, full nbgrader metadata, cell ids that depend on nothing but
        the cells (see `name_cells`).

    Raises:
        CourseError: if the file is missing or is no MyST notebook.
    """
    try:
        notebook = jupytext.read(path, fmt="md:myst")
    except FileNotFoundError:
        raise CourseError(f"{path} is missing: an assignment's master is solutions/<id>/<id>.md") from None
    except Exception as error:
        # jupytext and its YAML reader raise a dozen kinds, each of which means "mend the file"
        raise CourseError(f"{path} is not a MyST notebook: {' '.join(str(error).split())}") from None
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"] = NotebookNode({**FLAGS, **(cell.metadata["nbgrader"] or {})})
        if TAG in cell.metadata.get("tags", []):
            # the gradebook keeps a cell's text and not its tags
            cell.source = f"{SAME_PROCESS}\n{cell.source}"
    notebook.metadata = NotebookNode(kernelspec=KERNELSPEC, language_info={"name": "python"})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    name_cells(notebook)
    return notebook


def name_cells(notebook: NotebookNode) -> None:
    """Give every cell an id that stays when others move: its `grade_id`, else a hash of its content.

    Args:
        notebook: changed in place; equal cells are told apart by their order.
    """
    seen: set[str] = set()
    for cell in notebook.cells:
        name = str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        copies = 0
        while not name or name in seen or len(name) > 64:
            name = hashlib.sha256(f"{copies} {cell.cell_type} {cell.source}".encode()).hexdigest()[:12]
            copies += 1
        seen.add(name)
        cell["id"] = name


def build(course: Course, assignment: str) -> bool:
    """Make `_build/source/<id>/<id>.ipynb` from a master.

    Args:
        course: the course.
        assignment: the id.

    Returns:
        Whether the notebook changed.

    Raises:
        CourseError: if the id is unknown, or the master could leak an answer or cannot be graded; the message
            has one line a problem, with file and cell.
    """
    master = course.master(course.check(assignment))
    notebook = read_master(master)
    found = problems(notebook)
    if found:
        where = master.relative_to(course.root)
        raise CourseError("\n".join(f"{where}: {problem}" for problem in found))
    return write_if_changed(course.built(assignment), nbformat.writes(notebook) + "\n")
