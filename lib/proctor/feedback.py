"""What students get back: points, advice and comments, but not the hidden tests and what they are called with."""

import re

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from proctor.inspection import is_test
from proctor.running.credit import BROKEN, broken
from proctor.running.outputs import KILLED, NOT_RUN, TIMED_OUT, error

BEGIN, END = re.compile(r"###\s*BEGIN HIDDEN TESTS"), re.compile(r"###\s*END HIDDEN TESTS")
INSTEAD = "# (hidden tests)"
LATER = "(the outputs of your own cells are left out after the first hidden test)\n"
WAITS = "this test gave no number of points, which is no fault of yours; a person decides on them"
OWN = {KILLED, TIMED_OUT, NOT_RUN}  # said by the grading, not by the student's code


class HideTests(NbGraderPreprocessor):
    """Takes out of a feedback page what the hidden tests are and what the student's code said about their inputs.

    The message of a failed assertion stays: its author wrote it for the student. The message of an error that the
    student's own code raised goes, since it could carry the inputs; where it was raised stays.
    """

    show_tests = Bool(False, help="Leave the hidden tests and the whole error in the feedback.").tag(config=True)
    show_prints = Bool(False, help="Add what the student's code printed while it was tested.").tag(config=True)

    def preprocess(self, nb, resources):
        """Clean a notebook in place."""
        told = False  # whether the student's code has been called with hidden inputs, and may have kept them
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            if is_test(cell):
                note = cell.metadata.get("proctor", {})
                told = told or bool(hidden_lines(cell.source.splitlines()))
                if not self.show_tests:
                    hide(cell, note.get("failed") or {})
                    if broken(cell):  # what it gave may be made of hidden inputs, and helps nobody but its author
                        cell.outputs = [error(BROKEN, WAITS)]
                if self.show_prints and note.get("prints"):
                    text = f"your code printed:\n{note['prints']}"
                    cell.outputs.append(new_output("stream", name="stdout", text=text))
            elif told and cell.outputs and not self.show_tests:
                cell.outputs = [new_output("stream", name="stdout", text=said_later(cell))]
        return nb, resources


def said_later(cell: NotebookNode) -> str:
    """What stands for the outputs of a student's cell after a hidden test."""
    raised = [output.ename for output in cell.outputs if output.output_type == "error"]
    return f"{raised[0]}\n" if raised else LATER


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


class FeedbackExporter(HTMLExporter):
    """nbconvert's page; text that cannot be rendered, as with a picture that is missing, is shown as it is."""

    def from_notebook_node(self, nb, resources=None, **kw):
        """As in nbconvert, but never raises because of what a student wrote."""
        try:
            return super().from_notebook_node(nb, resources=resources, **kw)
        except Exception as error:
            # a dozen filters read the text, each with errors of its own
            self.log.warning("some text cannot be rendered and is shown as it is: %s", error)
            return super().from_notebook_node(as_text(nb), resources=resources, **kw)


def as_text(nb: NotebookNode) -> NotebookNode:
    """A copy whose text cells hold their text word for word, and whose outputs are plain."""
    plain = nbformat.from_dict(nb)
    for cell in plain.cells:
        if cell.cell_type == "markdown":
            cell.source = "\n".join(f"    {line}" for line in cell.source.splitlines())
            cell.pop("attachments", None)
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = {kind: text for kind, text in output.data.items() if kind == "text/plain"}
    return plain
