"""What to check before grading, for the class runner and for plain `nbgrader` alike: one line a mistake."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from proctor.course import ClassFolder, Course, CourseError, shown

VERBS = ("autograde", "generate_feedback")
FLAGS = {"--force", "-f", "--create", "--no-execute", "--debug", "--quiet", "--help", "-h", "--help-all"}


def check_ready(course: Course, folder: ClassFolder, assignment: str) -> None:
    """Check that an assignment can be graded in a class.

    Args:
        course: the course.
        folder: the class.
        assignment: the id somebody asked for.

    Raises:
        CourseError: if the id is unknown, nobody handed in anything, or the gradebook lacks the tests.
    """
    course.check(assignment)
    if not folder.students(assignment):
        raise CourseError(
            f"no submissions for `{assignment}` in {shown(folder.root / 'submitted')}: put each student's notebook at "
            f"submitted/<student>/{assignment}/{assignment}.ipynb"
        )
    if has_own_database(folder):
        return
    remedy = "`make assignments`"
    if folder.root != course.root:
        remedy = f"`{sys.executable} -m proctor release {assignment} --class {folder.root}`"
    state = gradebook_state(folder.gradebook, assignment)
    if state:
        raise CourseError(
            f"{shown(folder.gradebook)} {state}: hidden tests live in it; {remedy} rebuilds it from solutions/; "
            "autograded/ is untouched"
        )


def gradebook_state(path: Path, assignment: str) -> str | None:
    """What is wrong with a gradebook, as a verb phrase; None when it knows the assignment."""
    if not path.is_file():
        return "is missing"
    if not path.stat().st_size:
        return "is empty"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            known = database.execute(
                "select 1 from assignment join notebook on notebook.assignment_id = assignment.id "
                "where assignment.name = ?",
                [assignment],
            ).fetchone()
    except sqlite3.DatabaseError:
        return "is not a gradebook"
    return None if known else f"does not know `{assignment}`"


def has_own_database(folder: ClassFolder) -> bool:
    """Whether a class keeps its grades elsewhere, such as on a PostgreSQL server."""
    config = folder.root / "nbgrader_config.py"
    return config.is_file() and "db_url" in config.read_text(encoding="utf-8")


def absent_notebooks(folder: ClassFolder, assignment: str) -> dict[str, str]:
    """Find the students whose folder lacks the notebook.

    Args:
        folder: the class.
        assignment: the id.

    Returns:
        Student -> a sentence with the name expected, the names found and the next step.
    """
    found = {}
    for student in folder.students(assignment):
        expected = folder.submission(student, assignment)
        if expected.exists() or expected.is_symlink():
            continue
        others = sorted(path.name for path in expected.parent.glob("*.ipynb"))
        where = f"submitted/{student}/{assignment}"
        if others:
            names = ", ".join(f"`{name}`" for name in others)
            found[student] = f"no {expected.name} in {where}, but {names}: rename it and grade again"
        else:
            found[student] = f"no notebook in {where}: ask for {expected.name}"
    return found


def check_command(config, root: Path) -> None:
    """Check what `nbgrader autograde` or `generate_feedback` was asked for, before it starts.

    Called by `nbgrader_config.py`, which nbgrader reads more than once; says everything once.

    Args:
        config: nbgrader's; students without the notebook are excluded in it.
        root: the course.

    Raises:
        SystemExit: with one line, for what no student can be graded without.
    """
    words = sys.argv
    if len(words) < 2 or words[1] not in VERBS or "nbgrader" not in words[0]:
        return
    plain, options = sorted_words(words[2:])
    assignment = options.get("--assignment") or (plain[0] if plain else None)
    if assignment is None or "--db" in options:
        return
    folder = ClassFolder(Path(options.get("--course-dir", ".")).resolve())
    try:
        check_ready(Course(root), folder, assignment)
    except CourseError as error:
        raise SystemExit(f"nbgrader {words[1]}: {error}") from None
    absent = absent_notebooks(folder, assignment)
    config.CourseDirectory.student_id_exclude = ",".join(absent)
    if words[1] == "autograde":
        for student, sentence in absent.items():
            say_once(f"{student}: not graded: {sentence}")


def sorted_words(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """Tell arguments from options, as nbgrader's command line does.

    Args:
        words: what follows the verb.

    Returns:
        The plain arguments, and option -> value; a flag has the empty value.
    """
    plain, options = [], {}
    waiting = iter(words)
    for word in waiting:
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            plain.append(word)
        elif equals or name in FLAGS:
            options[name] = value
        else:
            options[name] = next(waiting, "")
    return plain, options


_said: set[str] = set()


def say_once(line: str) -> None:
    """Print a line to stderr unless this process has printed it before."""
    if line not in _said:
        _said.add(line)
        print(line, file=sys.stderr)
