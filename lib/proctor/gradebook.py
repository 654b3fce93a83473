"""What the gradebook holds: the tests of an assignment, and what each student scored."""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import autograde
from nbgrader.preprocessors import latesubmissions
from sqlalchemy.exc import SAWarning


@dataclass
class Score:
    """One student's points for one assignment.

    Args:
        score: points given so far.
        max_score: points there are.
        by_hand: points of the answers that a person has yet to read.
        cells: `grade_id` -> (points given, points there are), None where a person decides.
        digest: changes whenever a point or a comment does; what a feedback page was made from.
    """

    score: float
    max_score: float
    by_hand: float = 0.0
    cells: dict[str, tuple[float | None, float]] = field(default_factory=dict)
    digest: str = ""

    @property
    def complete(self) -> bool:
        """Whether no point is lost so far."""
        return self.score + self.by_hand == self.max_score


class KeptOpen(Gradebook):
    """A gradebook that is opened once for a process: to open one asks the database for each of its tables."""

    def close(self) -> None:
        """End what is under way; the connection stays for the next one who asks."""
        self.db.remove()


kept_open = lru_cache(maxsize=8)(KeptOpen)


def keep_open() -> None:
    """Make nbgrader's grading use one connection, where it would open the gradebook eight times a submission."""
    # nbgrader's models set off this warning for each new student; nobody who grades can do anything about it
    warnings.filterwarnings("ignore", message="Object of type <Submitted", category=SAWarning)
    autograde.Gradebook = latesubmissions.Gradebook = kept_open


@contextmanager
def opened(path: Path) -> Iterator[Gradebook]:
    """The gradebook of a class, closed afterwards."""
    gradebook = Gradebook(f"sqlite:///{path.absolute()}")
    try:
        yield gradebook
    finally:
        gradebook.close()


def find_tests(path: Path, assignment: str) -> NotebookNode | None:
    """The stored cells of an assignment, or None where the gradebook does not know it.

    Returns:
        `sources`: `grade_id` -> source text; `locked`: the ids that students cannot edit; `solutions`: those
        that they fill in; `points`: `grade_id` -> points; `digest`: changes whenever one of these does.
    """
    if not path.is_file() or not path.stat().st_size:
        return None
    with opened(path) as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            return None
        return summary(notebook)


def summary(notebook) -> NotebookNode:
    """What `find_tests` returns, from a gradebook's notebook."""
    found = NotebookNode(
        sources={cell.name: cell.source for cell in notebook.source_cells},
        locked=sorted(cell.name for cell in notebook.source_cells if cell.locked),
        solutions=sorted(cell.name for cell in notebook.solution_cells),
        points={cell.name: cell.max_score for cell in [*notebook.grade_cells, *notebook.task_cells]},
    )
    found["digest"] = hashlib.sha256(repr(sorted(map(repr, found.items()))).encode()).hexdigest()
    return found


def scores(path: Path, assignment: str) -> dict[str, Score]:
    """What each student scored; students whose grading never finished are left out.

    Args:
        path: an existing gradebook.
        assignment: the id.

    Returns:
        Student -> score.
    """
    with opened(path) as gradebook:
        try:
            submissions = gradebook.assignment_submissions(assignment)
        except MissingEntry:
            return {}
        return {one.student.id: score_of(one) for one in submissions if one.notebooks}


def score_of(submission) -> Score:
    """The score of one of the gradebook's submissions."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    waiting = [grade for grade in grades if grade.needs_manual_grade]
    marks = [(grade.name, grade.score, grade.extra_credit, grade.needs_manual_grade) for grade in grades]
    marks += [(one.name, one.comment) for notebook in submission.notebooks for one in notebook.comments]
    return Score(
        score=submission.score,
        max_score=submission.max_score,
        by_hand=sum(grade.max_score for grade in waiting),
        cells={grade.name: (None if grade.needs_manual_grade else grade.score, grade.max_score) for grade in grades},
        digest=hashlib.sha256(repr(sorted(map(repr, marks))).encode()).hexdigest(),
    )
