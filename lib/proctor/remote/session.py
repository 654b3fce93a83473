"""What the runner calls in the test's process: connect once, prepare before and finish after each cell with a test."""

import builtins
import sys
from functools import lru_cache

from proctor.remote.dialogue import Dialogue
from proctor.remote.errors import ProtocolError
from proctor.remote.wire import Connection


class Current:
    """The dialogue of this process, and the exception that was there before the running cell."""

    dialogue: Dialogue | None = None
    earlier: BaseException | None = None


def connect(descriptor: int) -> None:
    """Use a connected stream socket to the student's process from now on."""
    Current.dialogue = Dialogue(Connection(descriptor))


def current() -> Dialogue | None:
    """The dialogue of this process; None outside a test's process."""
    return Current.dialogue


def prepare(namespace: dict, forced: list[str], wanted: list[str], cells: list[str]) -> None:
    """Bind the student's names for a cell with a test.

    Args:
        namespace: of the test's cells; changed in place.
        forced: names that are always the student's; one that the student lacks is taken away, so that the test
            fails with a NameError, as in one process.
        wanted: names that the cell uses: the student's only where the test has none.
        cells: the text of the student's cells so far, oldest first.

    Raises:
        RuntimeError: before `connect`.
        StudentDied: if the student's process is gone.
    """
    dialogue = connected()
    Current.earlier = sys.__dict__.get("last_value")
    dialogue.rules.clear()
    dialogue.cells = [python_of(cell) for cell in cells]
    missing = [name for name in wanted if name not in namespace and not hasattr(builtins, name)]
    names = list(dict.fromkeys([*forced, *missing]))
    for name in forced:
        namespace.pop(name, None)
    found = dialogue.ask("get", names) if names else []
    if type(found) is not list or len(found) != len(names) or any(type(one) is not tuple for one in found):
        raise ProtocolError("expected a value or none for each name")
    for name, one in zip(names, found, strict=True):
        if one:
            namespace[name] = one[0]


def finish() -> None:
    """Tell the student's process that the cell is over; a process that is gone is passed over."""
    dialogue = connected()
    if dialogue.failure is None:
        try:
            dialogue.connection.send(["end"], [])
        except OSError:
            return


def last_error() -> dict | None:
    """The exception that ended the running cell, for the report; None if there was none.

    Returns:
        `ename` and `message`; `from_student`, whether the student's process raised it; `student_frames`, such as
        "function `softmax`, line 3", outermost first.
    """
    error = sys.__dict__.get("last_value")
    if error is None or error is Current.earlier:
        return None
    return {
        "ename": type(error).__name__,
        "message": str(error),
        "from_student": getattr(error, "from_student", False) is True,
        "student_frames": list(getattr(error, "student_frames", ())),
    }


def connected() -> Dialogue:
    """The dialogue.

    Raises:
        RuntimeError: if there is none.
    """
    if Current.dialogue is None:
        raise RuntimeError("proctor.remote.session.connect(descriptor) must come first")
    return Current.dialogue


@lru_cache(maxsize=1024)  # the same cells come again with each test
def python_of(cell: str) -> str:
    """A cell's text with IPython's own syntax (`%time f(x)`) written as Python."""
    if "IPython" not in sys.modules:
        return cell
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return TransformerManager().transform_cell(cell)
    except Exception:  # a cell that does not parse
        return cell
