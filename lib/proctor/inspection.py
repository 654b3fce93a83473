"""What can be wrong with a master before a student ever sees it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from nbformat import NotebookNode

SAME_PROCESS = "# proctor: student-process"  # the line that makes a test run in the student's process
REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
GRADE_ID = re.compile(r"[A-Za-z0-9_-]+")


def problems(notebook: NotebookNode) -> list[str]:
    """Find what would leak an answer or break grading.

    Args:
        notebook: a master as `master.read_master` gives it.

    Returns:
        One sentence a problem, each beginning with the cell it is about; empty when all is well.
    """
    found = []
    names = Counter(flags(cell).get("grade_id") for cell in notebook.cells if flags(cell))
    for position, cell in enumerate(notebook.cells, 1):
        name = flags(cell).get("grade_id")
        label = f"cell `{name}`" if name else f"cell {position} ({cell.source.strip()[:30]!r})"
        found += [f"{label}: {problem}" for problem in cell_problems(cell)]
        if name and names[name] > 1:
            found.append(f"{label}: {names[name]} cells have this grade_id; each needs its own")
            names[name] = 0  # said once
    if not any(flags(cell).get("grade") for cell in notebook.cells):
        found.append("no cell is graded: give the test cells `grade: true`, `locked: true` and `points`")
    return found


def flags(cell: NotebookNode) -> dict:
    """A cell's nbgrader metadata; empty for an ordinary cell."""
    return cell.metadata.get("nbgrader") or {}


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell is graded by running it, rather than by reading what a student wrote in it."""
    return cell.cell_type == "code" and bool(flags(cell).get("grade")) and not flags(cell).get("solution")


def cell_problems(cell: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with one cell, without naming it."""
    meta = flags(cell)
    broken = [problem for region in REGIONS if (problem := unbalanced(cell.source, region))]
    yield from broken
    if meta:
        yield from metadata_problems(cell, meta)
    if has(cell, "SOLUTION") and not meta.get("solution"):
        yield "an answer outside a solution cell would reach students: add `solution: true`"
    if has(cell, "HIDDEN TESTS") and not (meta.get("grade") and not meta.get("solution")):
        yield "hidden tests belong in a cell with `grade: true`, `locked: true` and `solution: false`"
    if SAME_PROCESS in cell.source.splitlines() and not is_test(cell):
        yield "only a test can run in the student's process in place of beside it: drop the tag `student-process`"
    if meta.get("solution") and cell.cell_type == "code" and not broken:
        yield from stub_problems(cell.source)


def metadata_problems(cell: NotebookNode, meta: dict) -> Iterator[str]:
    """Yield what is wrong with a cell's nbgrader metadata."""
    if not GRADE_ID.fullmatch(str(meta.get("grade_id", ""))):
        yield f"grade_id must be letters, digits, - or _, and is {meta.get('grade_id')!r}"
    graded = meta.get("grade") or meta.get("task")
    points = meta.get("points")
    if graded and not (isinstance(points, int | float) and points > 0):
        yield f"a graded cell needs points above 0, and has {points!r}"
    if not graded and points is not None:
        yield "points on a cell that is not graded: add `grade: true`, or take the points away"
    if cell.cell_type == "code" and meta.get("grade") and not meta.get("solution") and not meta.get("locked"):
        yield "a test cell must be locked, or students could edit it: add `locked: true`"
    if meta.get("solution") and meta.get("locked"):
        yield "a solution cell must not be locked, or students could not answer: drop `locked: true`"
    if cell.cell_type == "markdown" and meta.get("grade") and not meta.get("solution"):
        yield "a graded text cell is an answer to read: it needs `solution: true` too"


def has(cell: NotebookNode, region: str) -> bool:
    """Whether a cell opens a region such as SOLUTION."""
    return f"BEGIN {region}" in cell.source


def unbalanced(source: str, region: str) -> str | None:
    """Say how the BEGIN and END markers of a region fail to pair up; None when they do."""
    open_line = None
    for number, line in enumerate(source.splitlines(), 1):
        if f"BEGIN {region}" in line:
            if open_line:
                return f"line {number}: BEGIN {region} inside the one of line {open_line}"
            open_line = number
        elif f"END {region}" in line:
            if not open_line:
                return f"line {number}: END {region} without a BEGIN"
            open_line = None
    return f"line {open_line}: BEGIN {region} has no END: what follows would be lost or leak" if open_line else None


def stub(source: str, filler: str = "raise NotImplementedError()") -> str:
    """A solution cell as students get it, each SOLUTION region replaced by one line."""
    lines, inside = [], False
    for line in source.splitlines():
        if "BEGIN SOLUTION" in line:
            inside = True
            lines.append(re.match(r"\s*", line).group() + filler)
        elif "END SOLUTION" in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def signatures(source: str) -> dict[str, tuple[str, str | None]]:
    """Arguments and docstring of each function and method of a cell, by name."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {
        node.name: (ast.unparse(node.args), ast.get_docstring(node))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, kinds)
    }


def stub_problems(source: str) -> Iterator[str]:
    """Yield what is wrong with the stub that a code solution cell leaves."""
    if "BEGIN SOLUTION" not in source:
        yield "a solution without ### BEGIN SOLUTION is replaced whole, signature included: mark the body"
        return
    try:
        full = signatures(source)
        left = signatures(stub(source))
    except SyntaxError as error:
        yield f"does not parse, with or without its answer (line {error.lineno}: {error.msg})"
        return
    lost = [name for name, signature in public(full, source).items() if left.get(name) != signature]
    if lost:
        names = ", ".join(f"`{name}`" for name in lost)
        yield f"the markers must lie inside the body, below the docstring: students would not see {names} whole"


def public(found: dict, source: str) -> dict:
    """Of the functions found, those outside every SOLUTION region; all of them when none is.

    A helper inside the region is part of the answer; a cell whose only function is inside has lost it.
    """
    outside = re.sub(r"(?s)BEGIN SOLUTION.*?END SOLUTION", "", source)
    return {name: value for name, value in found.items() if re.search(rf"\bdef {name}\b", outside)} or found
