"""What happened to a submission, in one clause, read from its autograded notebook."""

import json
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from proctor.exercises import defined, exercise_of
from proctor.inspection import flags
from proctor.running.credit import broken
from proctor.running.outputs import KILLED, NOT_RUN, TIMED_OUT

LENGTH = 90  # characters of an error message worth a place in a table


def note(path: Path) -> dict:
    """What grading noted in an autograded notebook's metadata; empty where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["metadata"]["proctor"]
    except (OSError, ValueError, KeyError):
        return {}


def reason(path: Path, tests: NotebookNode, complete: bool) -> str:
    """Say what happened.

    Args:
        path: an autograded notebook.
        tests: the assignment's stored cells, from `gradebook.find_tests`.
        complete: whether every point that needs no reader was given.

    Returns:
        Clauses joined by semicolons, what matters most first.
    """
    notebook = nbformat.read(path, as_version=4)
    noted = notebook.metadata.get("proctor", {})
    if noted.get("unreadable"):
        return f"not a notebook ({noted['unreadable']}): ask for it again"
    clauses = [
        *waiting(notebook),
        *put_back(noted.get("put_back", [])),
        *stopped(notebook, noted.get("timeout")),
        *unparsed(notebook),
        *untouched(notebook, tests),
        *failed(notebook, tests),
    ]
    return "; ".join(clauses) or ("all tests pass" if complete else "partial credit: see the feedback")


def title(notebook: NotebookNode, cell: NotebookNode) -> str:
    """How to name a cell: its `grade_id`, else its position."""
    name = flags(cell).get("grade_id")
    return f"`{name}`" if name else f"cell {notebook.cells.index(cell) + 1}"


def errors(cell: NotebookNode) -> dict[str, str]:
    """What costs a cell its points, from its outputs: name -> message. nbgrader counts stderr as an error."""
    outputs = cell.get("outputs", [])
    found = {one.ename: one.evalue for one in outputs if one.output_type == "error"}
    printed = "".join(one.text for one in outputs if one.output_type == "stream" and one.name == "stderr")
    return found or ({"printed on stderr": printed} if printed else {})


def waiting(notebook: NotebookNode) -> list[str]:
    """Name the tests whose points a person has to give, since they gave no number."""
    return [f"look at the broken test `{name}`: it {wrong}" for name, wrong in found_broken(notebook).items()]


def broken_tests(path: Path) -> dict[str, str]:
    """The tests of an autograded notebook that gave what is no number of points: `grade_id` -> what is wrong."""
    return found_broken(nbformat.read(path, as_version=4))


def found_broken(notebook: NotebookNode) -> dict[str, str]:
    """As `broken_tests`, of a notebook."""
    return {flags(cell)["grade_id"]: wrong for cell in notebook.cells if (wrong := broken(cell))}


def put_back(names: list[str]) -> list[str]:
    """Name the cells that the student had deleted."""
    if not names:
        return []
    if len(names) == 1:
        return [f"test cell `{names[0]}` was deleted; put back"]
    return [f"{len(names)} locked cells were deleted, `{names[0]}` first; put back"]


def stopped(notebook: NotebookNode, timeout: int | None) -> list[str]:
    """Name the cell that killed the kernel, and those that ran too long."""
    found = [f"killed its kernel in {title(notebook, cell)}" for cell in notebook.cells if KILLED in errors(cell)]
    late = [cell for cell in notebook.cells if TIMED_OUT in errors(cell)]
    if late:
        found.append(f"ran over {timeout} s in {', '.join(title(notebook, cell) for cell in late)}")
    return found


def unparsed(notebook: NotebookNode) -> list[str]:
    """Name the student's cells that are no Python."""
    return [
        f"syntax error in cell {title(notebook, cell).removeprefix('cell ')}"
        for cell in notebook.cells
        if {"SyntaxError", "IndentationError", "TabError"} & set(errors(cell)) and not flags(cell).get("locked")
    ]


def untouched(notebook: NotebookNode, tests: NotebookNode) -> list[str]:
    """Count the exercises whose stub is as it was handed out."""
    cells = {flags(cell)["grade_id"]: cell.source for cell in notebook.cells if flags(cell).get("solution")}
    same = [name for name, source in cells.items() if source == tests.sources.get(name)]
    return [f"stub untouched in {len(same)} of {len(tests.solutions)} exercises"] if same else []


def failed(notebook: NotebookNode, tests: NotebookNode) -> list[str]:
    """Say which exercises fail though the student answered them, and why."""
    answered = {
        flags(cell)["grade_id"]: cell.source
        for cell in notebook.cells
        if flags(cell).get("solution") and cell.source != tests.sources.get(flags(cell)["grade_id"])
    }
    here = {name for cell in notebook.cells if cell.cell_type == "code" for name in defined(cell.source)}
    found = {}
    for cell in notebook.cells:
        happened = errors(cell)
        if not flags(cell).get("grade") or not happened or {KILLED, TIMED_OUT, NOT_RUN} & set(happened) or broken(cell):
            continue
        test = flags(cell)["grade_id"]
        exercise = exercise_of(test, tests.solutions)
        if exercise in answered or exercise is None:
            found.setdefault(exercise or test, explained(happened, tests.sources.get(exercise, ""), here))
    unparsed_names = {flags(cell).get("grade_id") for cell in notebook.cells if "SyntaxError" in errors(cell)}
    return [text.format(name) for name, text in found.items() if name not in unparsed_names]


def first_failure(path: Path, names: list[str]) -> str:
    """The first of some graded cells with an error, and the error; empty where all of them ran.

    Args:
        path: an autograded notebook.
        names: the `grade_id`s to look at.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if flags(cell).get("grade_id") in names and errors(cell):
            name, message = list(errors(cell).items())[-1]
            return f"{flags(cell)['grade_id']}: {name}: {shortened(message)}"
    return ""


def explained(happened: dict[str, str], given: str, here: set[str]) -> str:
    """Say why a test failed, with `{}` where the exercise's name goes.

    Args:
        happened: the errors of the test cell.
        given: the stub that the exercise was handed out with.
        here: the functions that the notebook defines.
    """
    name, message = next(iter(happened.items()))
    unknown = re.search(r"name '(\w+)' is not defined", message) if name == "NameError" else None
    if unknown and unknown[1] in set(defined(given)) - here:
        return f"`{unknown[1]}` is not defined: renamed?"
    text = f"{name}: {shortened(message)}" if message else name
    return "fails: {} (" + text.replace("{", "{{").replace("}", "}}") + ")"


def shortened(message: str) -> str:
    """An error message in one short line, without colours."""
    words = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", message).split())
    return words if len(words) <= LENGTH else words[: LENGTH - 3] + "..."
