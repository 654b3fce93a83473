"""What a hostile case is, and the words in which the others are written.

A cell prints `"LO" "OT"` when it got what it must not get, so that the whole word stands in outputs only, and
`"TR" "IED"` after its attempt. `$folder`, `$gradebook` and the like stand for a `Site`'s places.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from textwrap import dedent

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell

from proctor.inspection import flags

FULL = {"test_softmax": 2, "test_attention": 3, "test_best": 4, "test_model": 3}
NOTHING = dict.fromkeys(FULL, 0)
EITHER = {name: (0, points) for name, points in FULL.items()}  # where any verdict will do: the others must not suffer
KEPT_TWO = {"test_best": 0, "test_model": 0}  # the kernel was lost after the second test
LATER_OPEN = {name: EITHER[name] for name in ("test_best", "test_model")}

WRONG = {
    "softmax": "def softmax(x, dim=-1):\n    return x * 0",
    "attention": "def attention(q, k, v):\n    return v * 0",
    "best": "def best(scores):\n    return [9 for _ in scores]",
    "model": """
        class Linear(nn.Module):
            def __init__(self, inputs, outputs):
                super().__init__()
                self.outputs = outputs

            def forward(self, x):
                return x.new_zeros(len(x), self.outputs)
    """,
}

Points = dict[str, float | tuple[float, ...]]


@dataclass(frozen=True)
class Site:
    """The places that a stranger is told about, which is more than a student would know.

    Args:
        root: the folder that holds everything.
        tcp: port of a listener on 127.0.0.1.
        udp: port of another.
        socket: path of a unix socket that listens.
        abstract: name of an abstract one.
    """

    root: Path
    tcp: int = 9
    udp: int = 9
    socket: str = "/nowhere"
    abstract: str = "nowhere"

    @property
    def course(self) -> Path:
        """The course, with its solutions."""
        return self.root / "course"

    @property
    def folder(self) -> Path:
        """The class, with its gradebook."""
        return self.root / "class"

    @property
    def canary(self) -> Path:
        """An empty folder in which everybody may write, and nobody should."""
        return self.root / "canary"

    @property
    def home(self) -> Path:
        """The home folder of whoever grades."""
        return self.root / "home"

    def filled(self, source: str) -> str:
        """A cell's source with its `$` words replaced."""
        places = {name: getattr(self, name) for name in ("course", "folder", "canary", "home")}
        others = {name: getattr(self, name) for name in ("tcp", "udp", "socket", "abstract")}
        gradebook = self.folder / "gradebook.db"
        return Template(dedent(source).strip()).safe_substitute(places, **others, gradebook=gradebook)


@dataclass(frozen=True)
class Paper:
    """The problem set as a student has it, and the right answers.

    Args:
        blank: the released notebook.
        right: `grade_id` -> source.
    """

    blank: NotebookNode
    right: dict[str, str]

    def answered(self, site: Site, before: str = "", after: str = "", **answers: str) -> NotebookNode:
        """A notebook with answers.

        Args:
            site: fills the `$` words.
            before: a cell of the student's own, above the first answer.
            after: one at the end.
            answers: by `grade_id`; the right ones where not given.
        """
        notebook = from_dict(self.blank)
        for cell in notebook.cells:
            name = flags(cell).get("grade_id")
            if name in self.right:
                cell.source = site.filled(answers.get(name, self.right[name]))
        if before:
            notebook.cells.insert(notebook.cells.index(named(notebook, "setup")) + 1, own(site.filled(before)))
        if after:
            notebook.cells.append(own(site.filled(after)))
        return notebook


Content = NotebookNode | str | bytes | None
Make = Callable[[Paper, Site], Content]


@dataclass(frozen=True)
class Case:
    """One stranger.

    Args:
        name: the student's folder.
        make: gives what is handed in; None where `files` makes the notebook too.
        points: `grade_id` -> points that are right, several where more than one verdict is; full marks if not given.
        shows: what the outputs or the reason must match.
        hides: what the feedback page must not match.
        files: puts more into the submission's folder.
        dangerous: never to be run without a sandbox, not even on a machine of one's own.
    """

    name: str
    make: Make
    points: Points = field(default_factory=dict)
    shows: str = ""
    hides: str = ""
    files: Callable[[Path, Site], None] | None = None
    dangerous: bool = False

    @property
    def expected(self) -> dict[str, tuple[float, ...]]:
        """`grade_id` -> every right number of points."""
        every = {**FULL, **self.points}
        return {name: points if isinstance(points, tuple) else (points,) for name, points in every.items()}


def own(source: str) -> NotebookNode:
    """A cell of the student's own."""
    return new_code_cell(source)


def named(notebook: NotebookNode, name: str) -> NotebookNode:
    """A cell by its `grade_id`."""
    return next(cell for cell in notebook.cells if flags(cell).get("grade_id") == name)


def answering(name: str, points: Points | None = None, **words) -> Case:
    """A case that differs from the right answers in the cells of `words`, which may also be a `Case`'s."""
    about = {key: words.pop(key) for key in ("shows", "hides", "files", "dangerous") if key in words}
    return Case(name, lambda paper, site: paper.answered(site, **words), points or {}, **about)


def cheating(name: str, trick: str, **words) -> Case:
    """Wrong answers everywhere, and a trick above them that is to earn marks all the same."""
    return answering(name, NOTHING, before=trick, **{**WRONG, **words})


def trying(name: str, attempt: str, **words) -> Case:
    """Right answers, and a cell above them that attempts something; it must run to its end, in vain."""
    ending = '\nprint("TR" "IED")'
    return answering(name, before=dedent(attempt).strip() + ending, **{"shows": "TRIED", **words})


def editing(name: str, edit: Callable[[NotebookNode], object], points: Points | None = None, **words) -> Case:
    """A notebook edited as a whole: right answers unless others are given."""
    about = {key: words.pop(key) for key in ("shows", "hides", "files", "dangerous") if key in words}

    def make(paper: Paper, site: Site) -> Content:
        notebook = paper.answered(site, **words)
        changed = edit(notebook)
        return notebook if changed is None else changed

    return Case(name, make, points or {}, **about)
