"""What students get back: points, advice and comments, but not the hidden tests and what they are called with."""

import re

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool

from proctor.running.outputs import KILLED, NOT_RUN, TIMED_OUT

BEGIN, END = re.compile(r"###\s*BEGIN HIDDEN TESTS"), re.compile(r"###\s*END HIDDEN TESTS")
INSTEAD = "# (hidden tests)"
OWN = {KILLED, TIMED_OUT, NOT_RUN}  # said by the grading, not by the student's code


class HideTests(NbGraderPreprocessor):
    """Takes out of a feedback page what the hidden tests are and what the student's code said about their inputs.

    The message of a failed assertion stays: its author wrote it for the student. The message of an error that the
    student's own code raised goes, since it could carry the inputs; where it was raised stays.
    """

    show_tests = Bool(False, help="Leave the hidden tests and the whole error in the feedback.").tag(config=True)
    show_prints = Bool(False, help="Add what the student's code printed while it was tested.").tag(config=True)

    def preprocess_cell(self, cell, resources, index):
        """Clean one cell; nbconvert calls this for each."""
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            note = cell.metadata.get("proctor", {})
            if not self.show_tests:
                hide(cell, note.get("failed") or {})
            if self.show_prints and note.get("prints"):
                cell.outputs.append(new_output("stream", name="stdout", text=f"your code printed:\n{note['prints']}"))
        return cell, resources


def hide(cell: NotebookNode, failed: dict) -> None:
    """Take the hidden tests out of a graded cell and its outputs.

    Args:
        cell: changed in place.
        failed: what is known of its error: `line`, `from_student`, `student_frames`.
    """
    lines = cell.source.splitlines()
    secret = hidden_lines(lines)
    if not secret:
        return
    line = failed.get("line")
    in_the_open = isinstance(line, int) and line not in secret and 0 < line <= len(lines)
    said = f"line {line}: {lines[line - 1].strip()}" if in_the_open else "in a hidden test"
    for output in cell.outputs:
        if output.output_type == "error":
            tell(output, said, failed, in_the_open)
    shown = [INSTEAD if number in secret else text for number, text in enumerate(lines, 1)]
    cell.source = "\n".join(text for at, text in enumerate(shown) if text != INSTEAD or shown[at - 1 : at] != [INSTEAD])


def tell(output: NotebookNode, place: str, failed: dict, in_the_open: bool) -> None:
    """Reduce an error to what its reader may know."""
    if failed.get("from_student") and not in_the_open:
        output.evalue = "; ".join(["raised by your code", *failed.get("student_frames", [])[-3:]])
    before = [] if output.ename in OWN else [place]
    output.traceback = [*before, f"{output.ename}: {output.evalue}"]


def hidden_lines(lines: list[str]) -> set[int]:
    """The numbers, from 1, of the lines of hidden tests, their markers included."""
    found, inside = set(), False
    for number, line in enumerate(lines, 1):
        inside = inside or bool(BEGIN.search(line))
        if inside:
            found.add(number)
        if END.search(line):
            inside = False
    return found
