"""A sample class: one assignment handed in as strangers would, good and broken, for trying the whole pipeline."""

import ast
import re
import shutil
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from proctor.classroom import set_up
from proctor.course import ClassFolder, Course, CourseError, write_if_changed
from proctor.exercises import exercise_of, functions
from proctor.inspection import flags

TIMEOUT = 5  # seconds a cell, so that the endless loop does not hold up whoever tries the class


def write_sample(course: Course, assignment: str) -> ClassFolder:
    """Write `_build/sample_class`, touching only what differs, so that nothing is graded again for nothing.

    Args:
        course: the course.
        assignment: the id; `master.build` has run.

    Returns:
        The class, its gradebook filled.

    Raises:
        CourseError: if the assignment has fewer than two functions to write, or no test of its own for one.
    """
    folder = ClassFolder(course.build / "sample_class")
    try:
        set_up(course, folder, assignment, TIMEOUT)
    except CourseError:
        # cells came or went under the grades of an older sample; nothing in this class is worth keeping
        shutil.rmtree(folder.root)
        set_up(course, folder, assignment, TIMEOUT)
    solved = nbformat.read(course.built(assignment), as_version=4)
    blank = nbformat.read(folder.root / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    for student, text in hand_ins(solved, blank):
        write_if_changed(folder.submission(student, assignment), text)
    (folder.root / "submitted" / "no-notebook" / assignment).mkdir(parents=True, exist_ok=True)
    return folder


def hand_ins(solved: NotebookNode, blank: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield the students, each named for what went wrong, and the files they hand in.

    Args:
        solved: the built source, answers and hidden tests included.
        blank: the students' notebook.
    """
    answers = {flags(cell)["grade_id"]: cell.source for cell in solved.cells if flags(cell).get("solution")}
    exercises = functions(blank)
    if len(exercises) < 2:
        raise CourseError("a sample class needs an assignment with at least two functions to write")
    first, second = list(exercises)[:2]

    def answered(changes: dict[str, str] | None = None, only: list[str] | None = None) -> NotebookNode:
        notebook = nbformat.from_dict(blank)
        for cell in notebook.cells:
            name = flags(cell).get("grade_id")
            if name in answers and (only is None or name in only):
                cell.source = (changes or {}).get(name) or unmarked(answers[name])
        return notebook

    def text(notebook: NotebookNode) -> str:
        return nbformat.writes(notebook) + "\n"

    whole = unmarked(answers[first])
    perfect = answered()
    yield "perfect", text(perfect)
    yield "untouched", text(blank)
    yield "half-done", text(answered(only=list(answers)[: len(answers) // 2]))
    yield "syntax-error", text(answered({first: re.sub(r":[ \t]*$", "", whole, count=1, flags=re.MULTILINE)}))
    yield "infinite-loop", text(answered({second: with_body(unmarked(answers[second]), "while True:\n    pass")}))
    yield "deleted-test", text(without_test(perfect, first))
    renamed = re.sub(rf"\b{exercises[first]}\b", f"my_{exercises[first]}", whole)
    yield "renamed-function", text(answered({first: renamed}))
    yield "kills-kernel", text(answered({second: with_body(unmarked(answers[second]), "import os\nos._exit(1)")}))
    yield "not-json", text(perfect)[:400]


def unmarked(source: str) -> str:
    """A solution without the marker lines that a student never sees."""
    return "\n".join(line for line in source.splitlines() if not re.search("(BEGIN|END) SOLUTION", line))


def with_body(source: str, body: str) -> str:
    """A cell's last function with another body."""
    tree = ast.parse(source)
    last = [node for node in tree.body if isinstance(node, ast.FunctionDef)][-1]
    last.body = ast.parse(body).body
    return ast.unparse(tree)


def without_test(notebook: NotebookNode, exercise: str) -> NotebookNode:
    """A copy in which the first test of an exercise is deleted."""
    notebook = nbformat.from_dict(notebook)
    tests = [cell for cell in notebook.cells if exercise_of(flags(cell).get("grade_id", ""), [exercise])]
    if not tests:
        raise CourseError(f"exercise `{exercise}` has no graded cell `test_{exercise}`: name its tests after it")
    notebook.cells.remove(tests[0])
    return notebook
