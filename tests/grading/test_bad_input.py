"""Mistakes of the person at the keyboard: one line that names the file and the next step."""

import shutil

import pytest

from proctor.classroom import set_up
from proctor.course import ClassFolder
from tests.grading.conftest import command, hand_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def original(course, tmp_path_factory):
    """A class with one perfect submission, not graded."""
    folder = ClassFolder(tmp_path_factory.mktemp("class").resolve())
    set_up(course, folder, "tiny", timeout=3)
    return folder


@pytest.fixture
def folder(original, answers):
    """That class, fresh for each test."""
    for name in ("submitted", "autograded", "feedback"):
        shutil.rmtree(original.root / name, ignore_errors=True)
    hand_in(original, "ann", answers())
    backup = original.root / "gradebook.bak"
    if not backup.exists():
        shutil.copy(original.gradebook, backup)
    shutil.copy(backup, original.gradebook)
    return original


def both(course, folder, assignment="tiny"):
    """What the class runner and plain nbgrader say on stderr; both must fail, in one line."""
    for words, cwd in [
        (("proctor", "grade", assignment, "--class", str(folder.root)), course.root),
        (("nbgrader", "autograde", assignment), folder.root),
    ]:
        result = command(*words, cwd=cwd)
        assert result.returncode == 1
        assert result.stdout == ""
        lines = result.stderr.splitlines()
        assert len(lines) == 1, result.stderr
        yield lines[0]


def test_unknown_assignment(course, folder):
    for line in both(course, folder, "tinny"):
        assert "there is no assignment `tinny`" in line
        assert "did you mean `tiny`? known: tiny" in line


def test_missing_gradebook(course, folder):
    done = folder.autograded("bob", "tiny")
    done.parent.mkdir(parents=True)
    done.write_text("{}")
    folder.gradebook.unlink()
    for line in both(course, folder):
        assert "gradebook.db is missing: hidden tests live in it; `" in line
        assert f" -m proctor release tiny --class {folder.root}` rebuilds it from solutions/" in line
    assert not folder.gradebook.exists()
    assert done.read_text() == "{}"


def test_empty_gradebook(course, folder):
    folder.gradebook.write_bytes(b"")
    for line in both(course, folder):
        assert "gradebook.db is empty" in line
    folder.gradebook.write_bytes(b"not a database at all")
    for line in both(course, folder):
        assert "gradebook.db is not a gradebook" in line


def test_the_missing_gradebook_of_the_course_itself(course, answers):
    own = ClassFolder(course.root)
    hand_in(own, "ann", answers())
    line = command("proctor", "grade", cwd=course.root).stderr
    assert line.startswith("gradebook.db is missing: hidden tests live in it; `make assignments` rebuilds it")
    shutil.rmtree(course.root / "submitted")


def test_no_submissions(course, folder):
    shutil.rmtree(folder.root / "submitted")
    for line in both(course, folder):
        assert "no submissions for `tiny` in" in line
        assert "put each student's notebook at submitted/<student>/tiny/tiny.ipynb" in line


def test_folders_without_the_notebook(course, folder, answers):
    """The others are graded, by plain nbgrader and by the class runner."""
    (folder.root / "submitted" / "eve" / "tiny").mkdir(parents=True)
    misnamed = hand_in(folder, "joe", answers())
    misnamed.rename(misnamed.with_name("tiny (1).ipynb"))
    plain = command("nbgrader", "autograde", "tiny", cwd=folder.root)
    assert plain.returncode == 0
    assert "eve: not graded: no notebook in submitted/eve/tiny: ask for tiny.ipynb\n" in plain.stderr
    sentence = "no tiny.ipynb in submitted/joe/tiny, but `tiny (1).ipynb`: rename it and grade again\n"
    assert f"joe: not graded: {sentence}" in plain.stderr
    assert "Traceback" not in plain.stderr
    assert folder.autograded("ann", "tiny").is_file()
    ours = command("proctor", "grade", "tiny", "--class", str(folder.root), cwd=course.root)
    assert ours.returncode == 0
    assert "nothing new to grade" in ours.stdout
    assert sentence.split(":")[0] in " ".join(ours.stdout.split())


def test_plain_nbgrader_shows_no_traceback_and_logs_it(course, folder):
    """Where stock nbgrader cannot go on, the terminal shows the last line; the log file keeps the rest."""
    (folder.root / "autograded").write_text("a file where a folder should be")
    result = command("nbgrader", "autograde", "tiny", cwd=folder.root)
    (folder.root / "autograded").unlink()
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "Not a directory: " in result.stderr
    assert "Traceback" in (folder.root / ".nbgrader.log").read_text()


def test_links_beside_a_notebook_lead_nowhere(course, folder):
    """A broken one stops nobody, one to the gradebook brings nothing back."""
    beside = folder.root / "submitted" / "ann" / "tiny"
    (beside / "broken.csv").symlink_to("nowhere")
    (beside / "grades.db").symlink_to(folder.gradebook)
    assert command("nbgrader", "autograde", "tiny", cwd=folder.root).returncode == 0
    assert command("nbgrader", "generate_feedback", "tiny", cwd=folder.root).returncode == 0
    for name in ("autograded", "feedback"):
        made = [path.suffix for path in (folder.root / name / "ann" / "tiny").iterdir()]
        assert set(made) <= {".ipynb", ".html"}
    for name in ("broken.csv", "grades.db"):
        (beside / name).unlink()
