"""Which cell runs where, and which names cross from the student's process to the tests'.

Read from the text alone. Graded tests run only beside the student's process. Other locked cells, such as imports and
helpers, run in the student's process, which needs what they define, and beside it where the tests need it too.
"""

import ast
import builtins
import symtable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from proctor.inspection import SAME_PROCESS, flags, is_test

LONGEST = 200_000  # characters; parsers take seconds for more
EVERYWHERE = frozenset(dir(builtins)) | {"get_ipython", "display", "__name__", "In", "Out", "_"}


class Place(Enum):
    """Where a cell runs."""

    STUDENT = "the student's process"
    BOTH = "the student's process, then the tests'"
    TESTS = "the tests' process"
    GUARDED = "the student's process, between cells that must fail"


@dataclass(frozen=True)
class Names:
    """The global names of a cell.

    Args:
        bound: those that it gives a value.
        loaded: those that it reads, in its functions too.
        needed: those that it reads before it gives them a value.
    """

    bound: frozenset[str] = frozenset()
    loaded: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def names(source: str) -> Names:
    """Read the global names of a cell; none where it is no Python, or more of it than anybody writes."""
    if len(source) > LONGEST:
        return Names()
    try:
        code = TransformerManager().transform_cell(source)
        table, tree = symtable.symtable(code, "cell", "exec"), ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Names()
    bound, loaded, waiting = set(), set(), [table]
    while waiting:
        scope = waiting.pop()
        top = scope is table
        for symbol in scope.get_symbols():
            if top or symbol.is_global():
                name = symbol.get_name()
                if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                    bound.add(name)
                if symbol.is_referenced():
                    loaded.add(name)
        waiting += scope.get_children()
    read = frozenset(loaded) - EVERYWHERE
    return Names(frozenset(bound), read, frozenset(read_first(tree.body, set())) & (read | bound))


def read_first(statements: list[ast.stmt], bound: set[str]) -> set[str]:
    """The names that statements read before they give them a value.

    Args:
        statements: in the order in which they run; branches count as run.
        bound: names that have a value; those of the statements are added.
    """
    found = set()
    for statement in statements:
        blocks = [block for name in ("body", "orelse", "finalbody") if (block := getattr(statement, name, None))]
        blocks += [handler.body for handler in getattr(statement, "handlers", [])]
        compound = blocks and not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        inside = {id(node) for block in blocks for one in block for node in ast.walk(one)} if compound else set()
        here = [node for node in ast.walk(statement) if id(node) not in inside]
        own = {name for one in here if isinstance(one, ast.comprehension) for name in stored(one.target)}
        found |= {one.id for one in here if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)} - bound - own
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            found |= {statement.target.id} - bound
        bound |= {name for node in here for name in binds(node)} - own
        for block in blocks if compound else ():
            found |= read_first(block, bound)
    return found


def stored(target: ast.AST) -> set[str]:
    """The names in the target of an assignment, or of a comprehension's loop."""
    return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}


def binds(node: ast.AST) -> set[str]:
    """The names that a piece of syntax gives a value."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.ExceptHandler) and node.name:
        return {node.name}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).partition(".")[0]}
    return set()


def places(nb: NotebookNode, answers: frozenset[str]) -> dict[int, Place]:
    """Decide where each code cell runs.

    Args:
        nb: a sanitised submission: its nbgrader metadata and its locked cells are the gradebook's.
        answers: the names that the assignment's solution cells bind.

    Returns:
        Position -> place, in the order of the notebook; cells without text are left out.
    """
    found, needed = {}, set()
    for index in reversed(range(len(nb.cells))):
        cell = nb.cells[index]
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        used = names(cell.source)
        found[index] = place(cell, used, answers, needed)
        if found[index] in (Place.TESTS, Place.BOTH):
            needed |= used.needed
    return dict(reversed(found.items()))


def place(cell: NotebookNode, used: Names, answers: frozenset[str], needed: set[str]) -> Place:
    """Decide where one cell runs, given the names that later tests need."""
    if is_test(cell):
        return Place.GUARDED if SAME_PROCESS in cell.source.splitlines() else Place.TESTS
    if (
        flags(cell).get("locked")
        and not flags(cell).get("solution")
        and (used.bound & needed or not used.loaded & answers)
    ):
        return Place.BOTH
    return Place.STUDENT


class Owners:
    """Whose value each of the answers' names holds at the moment.

    Args:
        answers: the names that the assignment's solution cells bind.
    """

    def __init__(self, answers: frozenset[str]) -> None:
        self.answers = answers
        self.students: set[str] = set()

    def ran(self, source: str, *, by_student: bool) -> None:
        """Note that a cell ran."""
        bound = names(source).bound & self.answers
        self.students = self.students | bound if by_student else self.students - bound

    def crossing(self, source: str) -> tuple[list[str], list[str]]:
        """The names that cross for a test cell: those that always do, and those that do if the tests lack them."""
        return sorted(self.students), sorted(names(source).needed)
