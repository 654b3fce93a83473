"""The exporter of `nbgrader autograde`: the first thing in its pipeline that opens a student's file."""

from pathlib import Path

from nbconvert.exporters import NotebookExporter

from proctor.submission import read_or_replace


class SubmissionExporter(NotebookExporter):
    """nbconvert's notebook exporter, for files that may be no notebook.

    Such a file becomes a notebook with one text cell that says why. `RepairSubmission` then puts the tests
    in, and they fail: the student has a score of 0 and a feedback page, and the next one is graded.
    """

    def from_filename(self, filename, resources=None, **kw):
        """As in nbconvert, but never raises because of what a student put in the file."""
        if not getattr(self.parent, "_sanitizing", True):
            return super().from_filename(filename, resources=resources, **kw)  # what the first pass wrote
        resources = self._init_resources(resources)
        resources["metadata"]["name"] = Path(filename).stem
        resources["metadata"]["path"] = str(Path(filename).parent)
        found, resources["unreadable"] = read_or_replace(Path(filename))
        return self.from_notebook_node(found, resources=resources, **kw)
