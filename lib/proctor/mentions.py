"""What a notebook's code leads to, read from the text of its cells; nothing is run.

The search starts from the names used inside the `with without(...)` blocks of the running cell and follows
the notebook's own definitions: functions, classes, imports, and assignments that rename a function.
"""

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache

Definition = tuple[ast.AST, str]  # what a name stands for, and the dotted name where it is imported
LOADERS = {"getattr", "import_module", "__import__"}  # functions that take a name as a string


def find_mention(cells: list[str], running: str, forbids: Callable[[str], bool]) -> str | None:
    """Find the first forbidden name that the block's code leads to.

    Args:
        cells: the cells before, oldest first; those that do not parse are passed over.
        running: the cell with the block.
        forbids: whether a dotted name is forbidden.

    Returns:
        The name as imported, with the function that holds it, such as
        "torch.nn.functional.fold (in `stamp`)"; None if there is none.
    """
    known = definitions([*cells, running])
    waiting = [(name, "") for block in guarded(running) for name in loaded(block)]
    seen = set()
    while waiting:
        name, holder = waiting.pop(0)
        if name in seen or name not in known:
            continue
        seen.add(name)
        node, imported = known[name]
        place = f" (in `{holder}`)" if holder else ""
        if imported:
            if forbids(imported):
                return f"{imported}{place}"
            continue
        inside = {word: found for one in ast.walk(node) for word, found in bound(one)}
        for mention in mentions(node, {**known, **inside}):
            if forbids(mention):
                return f"{mention} (in `{name}`)"
        waiting += [(inner, name) for inner in loaded(node)]
    return None


@lru_cache(maxsize=512)  # a rule may be checked in a loop, and the cells are always the same
def parsed(source: str) -> ast.Module:
    """A cell's syntax tree; an empty one if it does not parse."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def definitions(cells: list[str]) -> dict[str, Definition]:
    """What each name of the notebook stands for, the last definition counting; names inside functions do not."""
    found: dict[str, Definition] = {}
    for cell in cells:
        waiting: list[ast.AST] = [parsed(cell)]
        while waiting:
            node = waiting.pop(0)
            found.update(bound(node))
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
                waiting += ast.iter_child_nodes(node)
    return found


def bound(node: ast.AST) -> Iterator[tuple[str, Definition]]:
    """Yield the names that a statement makes stand for code."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, (node, "")
    elif isinstance(node, ast.Import):
        for one in node.names:
            yield (one.asname, (node, one.name)) if one.asname else (one.name.split(".")[0], (node, one.name))
    elif isinstance(node, ast.ImportFrom):
        for one in node.names:
            yield one.asname or one.name, (node, f"{node.module or ''}.{one.name}")
    elif isinstance(node, ast.Assign) and renames(node.value):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, (node.value, "")


def renames(value: ast.AST) -> bool:
    """Whether an assigned value may be a function: a name, a lambda, or a call that hands one on."""
    if isinstance(value, ast.Call):
        function = value.func
        return (getattr(function, "id", None) or getattr(function, "attr", "")) in LOADERS | {"partial"}
    return isinstance(value, ast.Name | ast.Attribute | ast.Lambda)


def guarded(running: str) -> Iterator[ast.AST]:
    """Yield the statements of a cell that stand under `with without(...)`."""
    for node in ast.walk(parsed(running)):
        if isinstance(node, ast.With):
            calls = [item.context_expr for item in node.items]
            names = [ast.unparse(call.func) for call in calls if isinstance(call, ast.Call)]
            if any(name.rpartition(".")[2] == "without" for name in names):
                yield from node.body


def loaded(node: ast.AST) -> list[str]:
    """The names that a piece of code reads."""
    return [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]


def mentions(node: ast.AST, known: dict[str, Definition]) -> Iterator[str]:
    """Yield the imported things that a piece of code names, dotted, as far as the text tells."""
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute):
            dotted = resolved(one, known)
            if dotted:
                yield dotted
        elif isinstance(one, ast.Import | ast.ImportFrom):
            for _, (_, imported) in bound(one):
                yield imported
        elif isinstance(one, ast.Call) and renames(one):
            yield from (
                argument.value
                for argument in one.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )


def resolved(node: ast.AST, known: dict[str, Definition], depth: int = 8) -> str:
    """The dotted name of an attribute of an imported module, through renamings; empty for other objects."""
    if isinstance(node, ast.Attribute):
        before = resolved(node.value, known, depth)
        return f"{before}.{node.attr}" if before else ""
    if isinstance(node, ast.Name) and node.id in known and depth:
        definition, imported = known[node.id]
        if isinstance(definition, ast.Import):
            return imported if imported.split(".")[0] != node.id else node.id
        return imported or resolved(definition, known, depth - 1)
    return ""
