"""Exercises: a solution cell, and the graded cells named after it."""

import ast
from collections.abc import Iterable

from nbformat import NotebookNode

from proctor.inspection import flags


def functions(notebook: NotebookNode) -> dict[str, str]:
    """The exercises that ask for a function.

    Args:
        notebook: the students' notebook or the built source.

    Returns:
        `grade_id` of the solution cell -> name of the last function that it defines.
    """
    found = {}
    for cell in notebook.cells:
        meta = flags(cell)
        if meta.get("solution") and not meta.get("grade") and cell.cell_type == "code":
            names = defined(cell.source)
            if names:
                found[meta["grade_id"]] = names[-1]
    return found


def defined(source: str) -> list[str]:
    """The functions that a cell defines, in order; none if it does not parse."""
    try:
        return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    except (SyntaxError, ValueError):
        return []


def exercise_of(test: str, exercises: Iterable[str]) -> str | None:
    """The exercise that a graded cell decides.

    Args:
        test: `test_<exercise>`, or `test_<exercise>_<what it looks at>`.
        exercises: the ids of the solution cells.

    Returns:
        The longest id that fits; None where none does.
    """
    fitting = [name for name in exercises if test == f"test_{name}" or test.startswith(f"test_{name}_")]
    return max(fitting, key=len, default=None)
