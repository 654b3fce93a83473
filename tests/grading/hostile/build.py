"""A course with the problem set, and a class of strangers.

    python -m tests.grading.hostile.build FOLDER [NAME...]

makes one to look at, without the dangerous ones unless they are named.
"""

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat

from proctor.classroom import set_up
from proctor.course import ClassFolder, Course
from proctor.inspection import flags
from proctor.master import build
from proctor.sample import unmarked
from tests.grading.hostile.case import Case, Content, Paper, Site
from tests.grading.hostile.cases import CASES

MASTER = Path(__file__).with_name("master.md")
ASSIGNMENT = MASTER.stem.replace("master", "ps1")
TIMEOUT = 3  # seconds a cell, those in which others have the processors apart; harmless ones take a tenth


def make_class(site: Site, cases: Iterable[Case]) -> ClassFolder:
    """Make the course and the class, and hand in.

    Args:
        site: where; its folder is empty or missing.
        cases: the students.

    Returns:
        The class, its gradebook filled, nothing graded.
    """
    folder = ClassFolder(site.folder)
    course = make_course(site.course)
    for empty in (site.folder, site.canary, site.home):
        empty.mkdir(parents=True)
    set_up(course, folder, ASSIGNMENT, TIMEOUT)
    sheet = paper(course, folder)
    for case in cases:
        hand_in(folder, case, sheet, site)
    site.canary.chmod(0o777)  # so that only a sandbox can keep it empty
    return folder


def make_course(root: Path) -> Course:
    """The course, built."""
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    shutil.copy(MASTER, root / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.md")
    shutil.copy(Course.find(MASTER.parent).root / "nbgrader_config.py", root)
    course = Course(root)
    build(course, ASSIGNMENT)
    return course


def paper(course: Course, folder: ClassFolder) -> Paper:
    """The problem set as students have it, and the right answers."""
    solved = nbformat.read(course.built(ASSIGNMENT), as_version=4)
    blank = nbformat.read(folder.root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    right = {flags(cell)["grade_id"]: unmarked(cell.source) for cell in solved.cells if flags(cell).get("solution")}
    return Paper(blank, right)


def hand_in(folder: ClassFolder, case: Case, sheet: Paper, site: Site) -> None:
    """Put a submission where it belongs: notebook, text or bytes, and whatever else comes with it."""
    path = folder.submission(case.name, ASSIGNMENT)
    path.parent.mkdir(parents=True)
    content = case.make(sheet, site)
    if content is not None:
        path.write_bytes(as_bytes(content))
    if case.files:
        case.files(path.parent, site)


def as_bytes(content: Content) -> bytes:
    """What is written to the file."""
    if isinstance(content, dict):
        content = nbformat.writes(content)
    return content if isinstance(content, bytes) else content.encode()


def main(words: list[str]) -> None:
    """The command of the docstring above."""
    root, *names = words
    cases = [CASES[name] for name in names] or [case for case in CASES.values() if not case.dangerous]
    folder = make_class(Site(Path(root).resolve()), cases)
    print(f"{len(cases)} submissions in {folder.root}")


if __name__ == "__main__":
    main(sys.argv[1:])
