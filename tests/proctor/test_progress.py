"""Progress in a pipe: a plain line a student, once nbgrader cannot take the notebook back."""

from proctor.progress import Progress

LOG = [
    "[AutogradeApp | INFO] Sanitizing /class/submitted/ann/tiny/tiny.ipynb",
    "[AutogradeApp | INFO] Autograding /class/autograded/ann/tiny/tiny.ipynb",
    "[AutogradeApp | INFO] Setting destination file permissions to 444",
    "[AutogradeApp | INFO] Sanitizing /class/submitted/Doe, Zoë/tiny/tiny.ipynb",
    "[AutogradeApp | ERROR] There was an error processing assignment: /class/submitted/Doe, Zoë/tiny",
]


def test_lines(capsys):
    with Progress("grading tiny", ["ann", "Doe, Zoë"]) as progress:
        for line in LOG[:3]:
            progress.listen(line)
        assert capsys.readouterr().err == ""
        progress.listen(LOG[3])
        assert capsys.readouterr().err == "  1 of 2: ann\n"
        progress.listen(LOG[4])
    assert capsys.readouterr().err == "  2 of 2: Doe, Zoë\n"
