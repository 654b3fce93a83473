"""Rules of an exercise, such as "without `conv_transpose2d`", for use in a test cell.

    with without("conv_transpose2d", "fold", "torchvision"):
        y = stamp(x, kernel)

A rule holds by whatever name the function is reached. Before the block runs, the text of the student's
cells is read: what the names in the block lead to (`proctor.mentions`). While it runs, calls are watched: torch's
functions and the operations below them (`proctor.torch_calls`), and Python functions by module and name. Code
that only the notebook's other cells use is nobody's business, so comparing with torch outside the function is
welcome; so are backward passes outside the block.

Where the student's code runs in a process of its own (`proctor.remote`), the text is read in the test's process and
the calls are watched in the student's.

Students' notebooks import this module: it needs the standard library, and torch only where torch is loaded.
"""

import ast
import sys
from functools import lru_cache, partial
from types import FrameType

from proctor.mentions import definitions, find_mention

NOTEBOOK = "__main__"  # the module name of code in cells


class RuleBroken(AssertionError):
    """The student's code used what the exercise asks to do without."""


class NotDefined(AssertionError, LookupError):
    """The student's cells do not define what a test reads."""


def without(*names: str) -> "Without":
    """Forbid functions, classes or packages in a `with` block.

    Args:
        names: how the exercise's text calls them: the name of a torch function ("fold" also means
            `torch.nn.Fold` and the operations that compute it, backward passes included), of any function in
            an imported module, or a module ("torchvision" means all of it).

    Returns:
        A context manager. On entry or in the block it raises `RuleBroken`, an AssertionError that names the
        function; on exit too, if the code in the block swallowed that error.

    Raises:
        ValueError: if no name is given.
    """
    if not names:
        raise ValueError("without() needs at least one name, such as without('conv_transpose2d')")
    return Without(names)


def canonical(name: str) -> str:
    """One spelling for a function and its module class: `max_unpool2d`, `MaxUnpool2d`, `scatter_`."""
    return name.replace("_", "").lower()


class Without:
    """The context manager behind `without`.

    Args:
        names: as in `without`.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = {canonical(name): name for name in names}
        self.modules = tuple(names)
        self.broken: RuleBroken | None = None
        self.used = ""
        self.watches = []
        self.cleared: set = set()  # code that can be passed over; a loop enters the same functions again and again

    def __enter__(self) -> "Without":
        mention = mentioned(*notebook_cells(), self.modules)
        if mention:
            raise self.violation(mention)
        self.dialogue = remote()
        if self.dialogue is None:
            self.start()
        else:
            self.dialogue.rules.append(self)
        return self

    def __exit__(self, *exception) -> None:
        if self.dialogue is None:
            self.stop(*exception)
        elif self in self.dialogue.rules:
            self.dialogue.rules.remove(self)
        if self.broken is not None and exception[1] is not self.broken:
            raise self.broken

    def start(self) -> None:
        """Begin to watch calls in this process."""
        if "torch" in sys.modules:
            from proctor.torch_calls import watches

            self.watches = watches(self.names, self.report)
        for watch in self.watches:
            watch.__enter__()
        self.profile = sys.getprofile()
        sys.setprofile(self.watch_python)

    def stop(self, *exception) -> None:
        """End what `start` began."""
        sys.setprofile(self.profile)
        for watch in reversed(self.watches):
            watch.__exit__(*(exception or (None, None, None)))

    def violation(self, what: str) -> RuleBroken:
        """Remember and return the error for a forbidden name."""
        self.used = self.used or what
        self.broken = self.broken or RuleBroken(
            f"this exercise asks for your own code without {', '.join(self.names.values())}: yours uses {what}"
        )
        return self.broken

    def report(self, what: str) -> None:
        """Stop the block: it called something forbidden."""
        raise self.violation(what)

    def watch_python(self, frame: FrameType, event: str, argument: object) -> None:
        """Profile function: looks at each Python function as it is entered, closely only the first time."""
        if event != "call" or frame.f_code in self.cleared:
            return
        module = frame.f_globals.get("__name__", "")
        name = frame.f_code.co_name
        inside = any(module == one or module.startswith(f"{one}.") for one in self.modules)
        if module in (NOTEBOOK, __name__) or not (inside or canonical(name) in self.names):
            self.cleared.add(frame.f_code)
            return
        # by its name only where a cell calls it: what a library does inside is its own affair
        caller = frame.f_back
        if inside or (caller and caller.f_globals.get("__name__") == NOTEBOOK):
            self.report(f"{module}.{name}")


def forbids(names: tuple[str, ...], name: str) -> bool:
    """Whether a name, dotted or not, is one of the forbidden."""
    inside = any(name == module or name.startswith(f"{module}.") for module in names)
    return inside or canonical(name.rpartition(".")[2]) in map(canonical, names)


def mentioned(cells: list[str], running: str, names: tuple[str, ...]) -> str | None:
    """The first forbidden name that the block leads to; a rule may stand in a loop, over the same text each time."""
    return _mentioned(tuple(cells), running, names)


@lru_cache(maxsize=64)
def _mentioned(cells: tuple[str, ...], running: str, names: tuple[str, ...]) -> str | None:
    return find_mention(list(cells), running, partial(forbids, names))


def remote():
    """The dialogue with the student's process; None where the student's code runs in this one."""
    session = sys.modules.get("proctor.remote.session")
    return session.current() if session else None


def notebook_cells() -> tuple[list[str], str]:
    """The student's cells run so far and the running one, as text; both empty outside a notebook."""
    get_ipython = sys.modules["IPython"].get_ipython if "IPython" in sys.modules else lambda: None
    shell = get_ipython()
    history = list(shell.user_ns.get("In", [])) if shell else []
    cells, running = (history[:-1], history[-1]) if history else ([], "")
    dialogue = remote()
    return (cells if dialogue is None else dialogue.cells), running


def student_source() -> str:
    """The text of all the student's cells run before the running one, oldest first; empty outside a notebook."""
    return "\n".join(notebook_cells()[0])


def source_of(name: str) -> str:
    """The text of the last definition of a function or class in the student's cells.

    Args:
        name: of a function or class at the top of a cell, or inside an `if`, a loop or a `with`.

    Returns:
        The text, decorators included.

    Raises:
        NotDefined: if no cell defines it; an AssertionError and a LookupError.
    """
    found = None
    for cell in notebook_cells()[0]:
        node = definitions([cell]).get(name, (None, ""))[0]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *[one.lineno for one in node.decorator_list]])
            found = "\n".join(cell.split("\n")[first - 1 : node.end_lineno])
    if found is None:
        raise NotDefined(
            f"expected a function or class `{name}` in your cells, found none: define it, and run its cell"
        )
    return found
