"""Submissions as files: read anything a student can hand in, and say so when it is no notebook."""

import json

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

CELLS = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


class SubmissionExporter(NotebookExporter):
    """nbconvert's notebook exporter, for files that may be no notebook.

    Such a file becomes a notebook with one text cell that says why. `RepairSubmission` then puts the tests
    in, and they fail: the student has a score of 0 and a feedback page, and the next one is graded.
    """

    def from_filename(self, filename, resources=None, **kw):
        """As in nbconvert, but never raises because of what is in the file."""
        try:
            return super().from_filename(filename, resources=resources, **kw)
        except OSError as error:
            return self._replaced(f"cannot be opened ({error.strerror})", resources)

    def from_file(self, file_stream, resources=None, **kw):
        """As in nbconvert, but never raises because of what is in the file."""
        try:
            notebook = read_submission(file_stream.read())
        except UnicodeDecodeError:
            return self._replaced("not text", resources)
        except ValueError as error:
            return self._replaced(str(error), resources)
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _replaced(self, reason, resources):
        resources["unreadable"] = reason
        text = f"**This file could not be read as a notebook: {reason}.** Please hand it in again."
        return self.from_notebook_node(new_notebook(cells=[new_markdown_cell(text)]), resources=resources)


def read_submission(text: str) -> NotebookNode:
    """Read a notebook, mending what can be mended.

    Args:
        text: the content of the file.

    Returns:
        A valid notebook of format 4. Where the submitted one breaks the format, its cells keep type, source
        and metadata, and lose the rest.

    Raises:
        ValueError: if the text is not JSON or holds no cells; the message is a clause that says so.
    """
    try:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        return notebook
    except nbformat.reader.NotJSONError:
        raise ValueError("not JSON") from None
    except Exception:
        # nbformat trusts the structure of the file and fails with any kind of error where it differs
        return mended(text)


def mended(text: str) -> NotebookNode:
    """The cells of a file that is JSON but breaks the notebook format."""
    try:
        content = json.loads(text)
    except RecursionError:
        raise ValueError("JSON nested without end") from None
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        raise ValueError("JSON, but without cells")
    return new_notebook(cells=[mended_cell(cell) for cell in cells if isinstance(cell, dict)])


def mended_cell(cell: dict) -> NotebookNode:
    """A valid cell with what a broken one still says."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(map(str, source))
    metadata = cell.get("metadata")
    make = CELLS.get(str(cell.get("cell_type")), new_raw_cell)
    return make(str(source), metadata=metadata if isinstance(metadata, dict) else {})
