"""What of a stranger's output is kept: valid notebook outputs of limited size, nothing else."""

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from proctor.cells import encodable

KILLED = "KernelDied"
TIMED_OUT = "CellTimeoutError"
FLOODED = "OutputFlood"
NOT_RUN = "NotRun"

KEPT = 200_000  # characters of text kept a cell
PICTURES = 1_500_000  # characters of everything else kept a cell
FLOOD = 20_000_000  # characters a cell may send before it is stopped
RESULTS = 10  # values kept apart of a cell, where one is right
FRAME = 400  # characters that an output takes beside its data: ten thousand small pictures are large too
DEEPEST = 32  # levels of a value in an output
DROPPED = "... the rest was not kept ...\n"
STREAMS = ("stdout", "stderr")


def error(name: str, message: str) -> NotebookNode:
    """A cell output that says that something went wrong; nbgrader gives such a cell 0 points."""
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])


class Outputs:
    """The outputs of one cell, as they come in.

    A last expression's value is kept as something displayed: nbgrader reads partial credit from results, and what may
    be one is for `credit` to say. `results` has the data of those that came.
    """

    def __init__(self) -> None:
        self.cells: list[NotebookNode] = []
        self.results: list[dict[str, Any]] = []
        self.received = 0
        self.room = {"text": KEPT, "rich": PICTURES}

    @property
    def flooded(self) -> bool:
        """Whether more came than any cell has reason to send."""
        return self.received > FLOOD

    def clear(self) -> None:
        """What `clear_output` asks for; what came counts on."""
        self.cells.clear()

    def add(self, kind: str, content: Any) -> None:
        """Take in a message's content, or drop it where it breaks the format.

        Args:
            kind: "stream", "display_data", "execute_result" or "error".
            content: what the kernel says; anything at all.
        """
        if not isinstance(content, dict):
            return
        if kind == "stream":
            self._stream(content)
        elif kind in ("display_data", "execute_result"):
            data = content.get("data")
            data = {name: one for name, one in data.items() if valid(name, one)} if isinstance(data, dict) else {}
            if kind == "execute_result" and len(self.results) < RESULTS:
                self.results.append(data)
            self._display(data)
        elif kind == "error":
            lines = content.get("traceback")
            lines = [encodable(str(line))[:KEPT] for line in lines[:200]] if isinstance(lines, list) else []
            name = encodable(str(content.get("ename", "Error")))[:200]
            message = encodable(str(content.get("evalue", "")))[:4000]
            self.cells.append(new_output("error", ename=name, evalue=message, traceback=lines))

    def _stream(self, content: dict[str, Any]) -> None:
        name, text = content.get("name"), content.get("text")
        if name not in STREAMS or not isinstance(text, str):
            return
        kept = self._cut(encodable(text))
        last = self.cells[-1] if self.cells else {}
        if last.get("name") == name:
            last["text"] += kept
        elif kept:
            self.cells.append(new_output("stream", name=name, text=kept))

    def _cut(self, text: str) -> str:
        """As much of a text as there is room for, and once a line that says that the rest is missing."""
        room = self.room["text"]
        self.room["text"] = room - len(text)
        if room < 0:
            return ""
        return text if len(text) <= room else f"{text[:room]}\n{DROPPED}"

    def _display(self, data: dict[str, Any]) -> None:
        size = FRAME + sum(len(str(value)) for value in data.values())
        if not data or self.room["rich"] < 0:
            return
        self.room["rich"] -= size
        if self.room["rich"] < 0:
            data = {"text/plain": DROPPED.strip()}
        data = {name: encodable(value) if isinstance(value, str) else value for name, value in data.items()}
        self.cells.append(new_output("display_data", data=data, metadata={}))


def valid(name: Any, value: Any) -> bool:
    """Whether a value can stand under a MIME type in a notebook."""
    if not isinstance(name, str) or "/" not in name or len(name) > 100:
        return False
    if isinstance(value, str):
        return True
    return name.endswith("json") and shallow(value)


def shallow(value: Any, left: int = DEEPEST) -> bool:
    """Whether a JSON value is nested no deeper than anybody needs."""
    if not left:
        return False
    if isinstance(value, dict):
        return all(isinstance(key, str) and shallow(one, left - 1) for key, one in value.items())
    if isinstance(value, list):
        return all(shallow(one, left - 1) for one in value)
    return value is None or isinstance(value, bool | int | float | str)
