"""Looking at the cells of a notebook."""

import ast

from nbformat import NotebookNode

from proctor.inspection import flags


def by_grade_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that nbgrader knows, by name."""
    return {flags(cell)["grade_id"]: cell for cell in notebook.cells if flags(cell)}


def exercises(notebook: NotebookNode) -> dict[str, str]:
    """The code that students write: name of the cell -> its source."""
    return {
        name: cell.source
        for name, cell in by_grade_id(notebook).items()
        if flags(cell)["solution"] and cell.cell_type == "code"
    }


def signatures(source: str) -> dict[str, tuple[str, str | None]]:
    """Arguments and docstring of each function of a cell, by name."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return {node.name: (ast.unparse(node.args), ast.get_docstring(node)) for node in functions}
