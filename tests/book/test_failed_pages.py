"""A page that fails takes no other along, says so, and is tried again by the next build."""

import os
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

pytestmark = pytest.mark.slow
FIGURE = """\
---
mystnb:
  figure:
    caption: A line.
    name: fig-line
  image:
    alt: A short grey line
---
raise ValueError("no such\\nthing")"""


def last_line(build) -> str:
    return (build.stdout + build.stderr).strip().splitlines()[-1]


def test_the_executed_notebooks_hold_what_came_out_from_the_first_build_on(small_book, executed):
    """The strict second run compares with them: a notebook without outputs would compare nothing."""
    file = small_book.html.parent / "jupyter_execute" / "good.ipynb"
    for words, ran in (("", ["good"]), ("", []), ("Other words.\n", [])):  # with others it is read again, and not run
        small_book.cells("good", "print(6 * 7)", "print(1)", text=words)
        assert executed(small_book.build()) == ran
        cells = [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]
        assert [cell.outputs[0].text for cell in cells] == ["42\n", "1\n"]
        assert all(cell.execution_count for cell in cells)


def test_a_slow_page_and_one_that_raises_leave_all_others(small_book, executed):
    small_book.cells("good", "print(6 * 7)")
    small_book.cells("raises", "print(1)", FIGURE, text="\nSee {numref}`fig-line`.\n")
    small_book.cells("slow", "while True:\n    pass")
    small_book.write("text", "# Text\n\nSee {numref}`fig-line` and {ref}`the line <fig-line>`, {doc}`raises`.\n")
    first = small_book.build(CELL_SECONDS="2")
    assert executed(first) == ["good", "raises", "slow"]
    second = small_book.build(CELL_SECONDS="2")
    assert executed(second) == ["raises", "slow"]  # a failed page is tried by each build, a good one is kept
    for build in (first, second):
        assert build.returncode != 0
        last = last_line(build)
        assert "raises: cell 2 (raises.md, line 18) raised ValueError: no such thing" in last
        assert "slow: cell 1 (slow.md, line 12) was stopped after 2 s" in last
        assert "CELL_SECONDS=8" in last
        assert "Mend the page" in last
        assert "Traceback" not in build.stdout + build.stderr
        assert "WARNING | " not in build.stderr  # a kernel about its transport
        assert "undefined label" not in build.stderr  # the figure is missing because its page failed
        assert "42" in small_book.page("good")
        assert "could not be run" not in small_book.page("good") + small_book.page("text")
        for name in ("raises", "slow"):
            assert "This page could not be run" in small_book.page(name)
            assert "cell_output" not in small_book.page(name)
    assert (small_book.html.parent / "failed.txt").read_text().strip() == last_line(second)

    small_book.cells("raises", "print(1)", "print(2)")
    small_book.cells("slow", "print(3)")
    small_book.write("text", "# Text\n")
    mended = small_book.build(CELL_SECONDS="60")
    assert mended.returncode == 0, mended.stderr
    assert executed(mended) == ["raises", "slow"]
    assert "could not be run" not in small_book.page("raises") + small_book.page("slow")
    assert not (small_book.html.parent / "failed.txt").exists()
    assert executed(small_book.build()) == []


def test_a_dead_kernel_and_an_absent_package_are_named(small_book, executed):
    small_book.cells("dead", "import os\nos.kill(os.getpid(), 9)")
    small_book.cells("absent", "import notthere")
    small_book.cells("hangs", "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()")
    small_book.cells("good", "1 + 1")
    small_book.cells("broken", "---\nmystnb: [\n---\n1 + 1")
    build = small_book.build(CELL_SECONDS="3")
    assert build.returncode != 0
    last = last_line(build)
    assert "dead: cell 1 (dead.md, line 12) ended its kernel (signal 9, as when memory runs out)" in last
    assert "absent: cell 1 (absent.md, line 12) raised ModuleNotFoundError: No module named 'notthere'" in last
    assert "make venv" in last
    assert "broken: cannot be read as a notebook" in last
    assert "This page could not be run" in small_book.page("broken")
    assert "hangs: cell 1 (hangs.md, line 12) was stopped after 3 s" in last
    assert "good" not in last.replace("good.", "")
    assert "This page could not be run" not in small_book.page("good")


def test_a_page_that_failed_for_want_of_time_passes_with_more(small_book, executed):
    small_book.cells("slow", "import time\nbegin = time.process_time()\nwhile time.process_time() < begin + 3: pass")
    assert small_book.build(CELL_SECONDS="1").returncode != 0
    assert "could not be run" in small_book.page("slow")
    build = small_book.build(CELL_SECONDS="60")
    assert build.returncode == 0, build.stderr
    assert executed(build) == ["slow"]  # its text is as it was: it is read and written again all the same
    assert "could not be run" not in small_book.page("slow")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the system for the children")
def test_an_interrupt_keeps_what_was_executed_and_leaves_no_kernel(small_book, executed):
    small_book.cells("a", "print(1)")
    small_book.cells("b", "while True:\n    pass")
    command = [os.path.join(os.path.dirname(sys.executable), "jupyter-book"), "build", "book", "--path-output", "."]
    command += ["--config", str(small_book.root / "_config.yml"), "-W", "-n", "--keep-going"]
    with subprocess.Popen(
        command, cwd=small_book.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as build:
        said = ""
        while "executed a" not in said:
            said += build.stdout.readline()
        kernels = psutil.Process(build.pid).children(recursive=True)
        build.send_signal(signal.SIGINT)
        said += build.stdout.read()
    assert build.returncode == 130
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(kernels, timeout=10)
    assert not alive
    small_book.cells("b", "print(2)")
    after = small_book.build()
    assert after.returncode == 0, after.stderr
    assert executed(after) == ["b"]


@pytest.mark.skipif(not shutil.which("taskset"), reason="a busy machine is made with taskset")
def test_time_in_which_others_have_the_processor_does_not_count(small_book, executed):
    """Two seconds of work on a processor shared with five others take twelve: more than the limit in wall time."""
    work = "import time\nbegin = time.process_time()\nwhile time.process_time() < begin + 2: pass"
    small_book.cells("work", f"import os\nos.sched_setaffinity(0, {{min(os.sched_getaffinity(0))}})\n{work}")
    processor = str(min(os.sched_getaffinity(0)))
    busy = [subprocess.Popen(["taskset", "-c", processor, sys.executable, "-c", "while True: pass"]) for _ in range(5)]
    try:
        begin = time.monotonic()
        build = small_book.build(CELL_SECONDS="6")
        assert time.monotonic() - begin > 6
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert build.returncode == 0, build.stderr
    assert executed(build) == ["work"]
