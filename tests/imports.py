"""Who imports whom in a Python package, read from its files without running them."""

import ast
from collections.abc import Iterator
from pathlib import Path


def modules(package: Path) -> dict[str, Path]:
    """Every module of a package by its whole name.

    Args:
        package: the folder of the top package.
    """
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, path: Path, known: set[str]) -> set[str]:
    """What a module imports, wherever in its text, but for what only a type checker reads.

    Args:
        name: its whole name.
        path: its file.
        known: names of modules; of others, an imported name may be a function, and the module that it is from counts.

    Returns:
        Whole names. A module is not among its own imports.
    """
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in executed(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            whole = {alias.name: f"{origin}.{alias.name}" for alias in node.names}
            found |= {full if full in known else origin for full in whole.values()}
    return found - {name}


def executed(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a syntax tree, less the branches `if TYPE_CHECKING:`."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield from executed(other)
        else:
            yield from executed(child)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of nodes each of which can be reached from each other, sorted.

    Args:
        graph: node -> those that it leads to; others than its keys are passed over.
    """
    reached = {node: reach(graph, node) for node in graph}
    groups = {tuple(sorted(one for one in reached[node] if node in reached[one])) for node in graph}
    return sorted(list(group) for group in groups if group)


def reach(graph: dict[str, set[str]], start: str) -> set[str]:
    """The nodes to which a way leads that takes at least one step."""
    found, waiting = set(), [start]
    while waiting:
        fresh = (graph[waiting.pop()] & graph.keys()) - found
        found |= fresh
        waiting += fresh
    return found
