"""Our grading beside stock nbgrader's: the same command on the same class, another nbgrader_config.py.

A small assignment of four exercises with torch (softmax, attention, a search, a module), and honest submissions only, a
quarter of them wrong. Each size is graded by one, then by the other, and again. What a
further submission costs is the slope between the two sizes; the rest is the fixed cost. Processor time and memory are
the whole machine's, so let nothing else run. `python -m benchmarks.bench_grading 500` grades one class of that size,
with ours.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.harness import RESULTS, machine
from proctor.classroom import set_up
from proctor.course import ClassFolder, Course, shown
from proctor.gradebook import scores
from proctor.inspection import flags
from proctor.master import build

ASSIGNMENT = "ps1"
MASTER = Path(__file__).parents[1] / "tests" / "grading" / "hostile" / "master.md"
SIZES = (20, 60)
ROUNDS = 2
STOCK = '''"""nbgrader as it comes, on the same folders."""

import os
import sys
from pathlib import Path

os.environ["PATH"] = f"{{Path(sys.executable).parent}}{{os.pathsep}}{{os.environ['PATH']}}"
c = get_config()
c.CourseDirectory.course_id = "seeing-fairly"
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = {source!r}
c.CourseDirectory.release_directory = {release!r}
c.Execute.timeout = 20
'''


@dataclass
class Cost:
    """What grading a class took.

    Args:
        wall: seconds.
        cpu: seconds of all processors.
        memory: bytes in use at most, less what was in use before.
    """

    wall: float
    cpu: float
    memory: int


def make_course(root: Path) -> Course:
    """A course with the one assignment and this course's configuration."""
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    shutil.copy(MASTER, root / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.md")
    shutil.copy(Course.find().root / "nbgrader_config.py", root)
    course = Course(root)
    build(course, ASSIGNMENT)
    return course


def make_class(course: Course, root: Path, students: int) -> ClassFolder:
    """A class of honest submissions: three right ones, then one with an exercise left out, and so on."""
    folder = ClassFolder(root)
    root.mkdir(parents=True)
    set_up(course, folder, ASSIGNMENT)
    right = nbformat.read(course.built(ASSIGNMENT), as_version=4)
    wrong = nbformat.from_dict(right)
    for cell in wrong.cells:
        if flags(cell).get("grade_id") == "attention":
            cell.source = "def attention(q, k, v):\n    return v"
    for number in range(students):
        path = folder.submission(f"s{number:04}", ASSIGNMENT)
        path.parent.mkdir(parents=True)
        nbformat.write(wrong if number % 4 == 3 else right, path)
    return folder


def busy() -> float:
    """Seconds that the processors have worked so far."""
    times = psutil.cpu_times()
    return times.user + times.system + times.nice


def grade(folder: ClassFolder, stock: bool, course: Course) -> Cost:
    """Grade a class from nothing, and check that everybody got what they should."""
    for name in ("autograded", "feedback"):
        shutil.rmtree(folder.root / name, ignore_errors=True)
    config = folder.root / "nbgrader_config.py"
    ours = config.read_text()
    release = str(course.root / "assignments")
    if stock:
        config.write_text(STOCK.format(root=str(folder.root), source=str(course.build / "source"), release=release))
    before, at_most, done = psutil.virtual_memory().available, [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            at_most[0] = max(at_most[0], before - psutil.virtual_memory().available)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin, work = time.monotonic(), busy()
    try:
        command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--log-level=ERROR"]
        subprocess.run(command, cwd=folder.root, check=True, stdin=subprocess.DEVNULL)
    finally:
        wall, cpu = time.monotonic() - begin, busy() - work
        done.set()
        watcher.join()
        config.write_text(ours)
    check(folder)
    return Cost(wall, cpu, at_most[0])


def check(folder: ClassFolder) -> None:
    """Stop where a score is not what it should be: a fast wrong grading is no measurement."""
    for student, score in scores(folder.gradebook, ASSIGNMENT).items():
        expected = 12 - 3 * (int(student[1:]) % 4 == 3)
        if score.score != expected:
            sys.exit(f"{student} has {score.score} points, expected {expected}: see {folder.root}")


def compare(course: Course, work: Path) -> list[str]:
    """Measure both on both sizes; the lines of the results' page."""
    costs: dict[tuple[bool, int], list[Cost]] = {}
    classes = {size: make_class(course, work / str(size), size) for size in SIZES}
    for _ in range(ROUNDS):
        for size, folder in classes.items():
            for stock in (True, False):
                cost = grade(folder, stock, course)
                costs.setdefault((stock, size), []).append(cost)
                print(
                    f"  {'stock' if stock else 'ours '} {size:>3}: {cost.wall:6.1f} s, {cost.cpu:6.1f} s of processor"
                )
    rows = []
    for what in ("wall", "cpu"):
        line = {key: statistics.median(getattr(cost, what) for cost in found) for key, found in costs.items()}
        small, large = SIZES
        further = {stock: (line[stock, large] - line[stock, small]) / (large - small) for stock in (True, False)}
        fixed = {stock: line[stock, small] - small * further[stock] for stock in (True, False)}
        for name, stock, ours in [
            *((f"{size} submissions", line[True, size], line[False, size]) for size in SIZES),
            ("a further submission", further[True], further[False]),
            ("fixed", fixed[True], fixed[False]),
        ]:
            rows.append((what, name, f"{stock:.2f}", f"{ours:.2f}", f"{stock / ours:.1f}"))
    return table(("seconds of", "class", "stock", "ours", "stock / ours"), rows)


def large(course: Course, work: Path, students: int) -> list[str]:
    """Grade one large class with ours."""
    cost = grade(make_class(course, work / str(students), students), False, course)
    row = (
        f"{students}",
        f"{cost.wall:.0f}",
        f"{cost.wall / students:.2f}",
        f"{cost.cpu:.0f}",
        f"{cost.memory / 2**20:.0f}",
    )
    return table(("submissions", "wall (s)", "a submission (s)", "processor (s)", "memory at most (MiB)"), [row])


def table(header: tuple, rows: list[tuple]) -> list[str]:
    """Print a table, and give its lines in Markdown."""
    shown_table = Table(*header)
    for row in rows:
        shown_table.add_row(*row)
    Console().print(shown_table)
    return ["| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows]]


def main() -> None:
    """Measure, print, and write the results."""
    students = int(sys.argv[1]) if len(sys.argv) > 1 else None
    name = "grading-large" if students else "grading"
    with tempfile.TemporaryDirectory(prefix="proctor-bench-") as work:
        course = make_course(Path(work).resolve() / "course")
        measure = partial(large, students=students) if students else compare
        lines = measure(course, course.root.parent)
    rounds = 1 if students else ROUNDS
    where = f"{psutil.cpu_count()} processors, {machine('cpu')}"
    about = f"Four exercises with torch, honest submissions; {rounds} interleaved round(s); {where}."
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}-cpu.md").write_text("\n".join([f"# {name}", "", about, "", *lines]) + "\n")
    print(f"written: {shown(RESULTS / f'{name}-cpu.md')}")


if __name__ == "__main__":
    main()
