"""What nbgrader gets to see of a file that was handed in."""

import nbformat
import pytest

from proctor.exporter import SubmissionExporter


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff\xfe\x00", "not text"), (b"half of {", "not JSON"), (None, "cannot be opened")]
)
def test_the_exporter_says_why(tmp_path, content, reason):
    path = tmp_path / "tiny.ipynb"
    path.mkdir() if content is None else path.write_bytes(content)
    text, resources = SubmissionExporter().from_filename(str(path), resources={})
    assert reason in resources["unreadable"]
    assert reason in nbformat.reads(text, as_version=4).cells[0].source
