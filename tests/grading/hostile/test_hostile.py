"""A class of strangers, graded by plain nbgrader: as root, and as an ordinary user."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from proctor.course import ClassFolder
from proctor.gradebook import Score, find_tests, scores
from proctor.reasons import reason
from tests import ordinary_user
from tests.grading.hostile.build import ASSIGNMENT, MASTER, make_class
from tests.grading.hostile.canaries import Listeners, adopt_orphans, children, left, listening, snapshot
from tests.grading.hostile.case import FULL, Case, Site
from tests.grading.hostile.cases import CASES
from tests.grading.hostile.honest import BYSTANDER
from tests.grading.hostile.probe import PROBE

pytestmark = pytest.mark.slow

MARKS = re.findall(r"hidden-\w+-\d{4}", MASTER.read_text())
NUMBERS = [8731.5, 4417.25, 6203.75, 5519.125]  # from the hidden tests, as they may be printed
SECRETS = [
    *map(re.escape, MARKS),
    *(re.escape(str(number)) for number in NUMBERS),
    *(re.escape(f"{number:.2e}"[:4]) + r"\d*e\+0?3" for number in NUMBERS),
    *(re.escape(number.hex()) for number in NUMBERS),
]
NOTES = [Path(place, "hostile_note.txt") for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", sys.prefix)]
KEPT = ("course", "canary", "class/submitted", "class/nbgrader_config.py")


@dataclass
class Graded:
    """What grading a class left behind.

    Args:
        folder: the class.
        runs: the commands, finished.
        known: student -> score.
        heard: calls that came to a listener.
        processes: those that stayed.
        temporary: files that stayed in the folder for temporary files.
        before: the places that must not change, before.
        after: and after.
    """

    folder: ClassFolder
    runs: list[subprocess.CompletedProcess]
    known: dict[str, Score]
    heard: list[str]
    processes: dict[int, str]
    temporary: list[str]
    before: dict
    after: dict


def kept(site: Site) -> dict:
    """Everything that must not change."""
    places = {name: snapshot(site.root / name) for name in KEPT}
    places["startup"] = sorted(str(path) for path in site.home.rglob("startup/*.py"))
    places["notes"] = [str(note) for note in NOTES if note.exists()]
    places["tests"] = find_tests(site.folder / "gradebook.db", ASSIGNMENT)
    return places


def run(user: str, site: Site, verb: str, temporary: Path) -> subprocess.CompletedProcess:
    """A verb of plain nbgrader, as a person would type it in the class's folder."""
    settings = {"PATH": "/usr/bin:/bin", "HOME": site.home, "TMPDIR": temporary, "HOSTILE_CANARY": "sings"}
    words = ["/usr/bin/env", *(f"{name}={value}" for name, value in settings.items())]
    words += [sys.executable, "-m", "nbgrader", verb, ASSIGNMENT]
    if user == "root":
        return subprocess.run(words, cwd=site.folder, capture_output=True, text=True, timeout=3600)
    return ordinary_user.run_as_user(words, cwd=site.folder, writable=[site.root, temporary], timeout=3600)


def graded(user: str, root: Path, cases: list[Case], listeners: Listeners) -> Graded:
    """Make a class, grade it, and look around."""
    site = Site(root, listeners.tcp, listeners.udp, listeners.socket, listeners.abstract)
    folder = make_class(site, cases)
    temporary = Path(tempfile.mkdtemp(prefix="h", dir="/tmp"))  # short: sockets live there
    before, already = kept(site), children()
    try:
        runs = [run(user, site, verb, temporary) for verb in ("autograde", "generate_feedback")]
        return Graded(
            folder,
            runs,
            scores(folder.gradebook, ASSIGNMENT),
            list(listeners.heard),
            left(already),
            sorted(os.listdir(temporary)),
            before,
            kept(site),
        )
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def refuse_without_sandbox(user: str, root: Path, listeners: Listeners) -> None:
    """Hand in what is harmless first: the rest would harm this machine where there is no sandbox."""
    tried = graded(user, root, [PROBE], listeners)
    if any(one.returncode for one in tried.runs):
        if not namespaces(user):
            pytest.skip(f"this host forbids namespaces: {tried.runs[0].stderr.strip()[-300:]}")
        pytest.fail(f"one honest submission cannot be graded: {tried.runs[0].stderr[-2000:]}")
    said = outputs(tried.folder.autograded(PROBE.name, ASSIGNMENT))
    if "SAFE" not in said or tried.heard:
        pytest.fail(f"no sandbox, so the dangerous submissions were not handed in: {said[:2000]} {tried.heard}")


def namespaces(user: str) -> bool:
    """Whether the host lets this user make the namespaces that a sandbox needs."""
    words = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--net", "--ipc", "--fork", "true"]
    runner = subprocess.run if user == "root" else ordinary_user.run_as_user
    return shutil.which("unshare") is not None and runner(words, cwd="/").returncode == 0


@pytest.fixture(scope="module", params=["root", "ordinary user"])
def strangers(request, tmp_path_factory) -> Graded:
    """The whole class, graded."""
    user = request.param
    if user == "root" and os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    if user != "root" and (why := ordinary_user.reason_not()):
        pytest.skip(why)
    adopt_orphans()
    root = tmp_path_factory.mktemp("h").resolve()
    with listening(root / "s") as listeners:
        refuse_without_sandbox(user, root / "probe", listeners)
        listeners.heard.clear()
        return graded(user, root / "all", list(CASES.values()), listeners)


def outputs(path: Path) -> str:
    """What the cells of an autograded notebook put out, as text."""
    if not path.is_file():
        return ""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = [output for cell in cells for output in cell.get("outputs", [])]
    return "\n".join("".join(map(str, texts(output))) for output in found)


def texts(value) -> list:
    """The leaves of a JSON value."""
    if isinstance(value, dict | list):
        return [leaf for one in (value.values() if isinstance(value, dict) else value) for leaf in texts(one)]
    return [value]


def test_the_batch_ends_well(strangers):
    for one in strangers.runs:
        assert one.returncode == 0, one.stderr[-3000:]
        assert "Traceback" not in one.stderr + one.stdout


@pytest.mark.parametrize("name", CASES)
def test_verdict(strangers, name):
    case, path = CASES[name], strangers.folder.autograded(name, ASSIGNMENT)
    found = dict.fromkeys(FULL, 0)  # who was not graded has nothing
    if path.is_file() and name in strangers.known:
        found = {cell: given for cell, (given, _) in strangers.known[name].cells.items()}
    said = outputs(path)
    assert all(found[cell] in right for cell, right in case.expected.items()), (found, case.expected, said[-3000:])
    assert set(found) == set(FULL)
    assert "LOOT" not in said
    if case.shows:
        happened = reason(path, find_tests(strangers.folder.gradebook, ASSIGNMENT), False)
        assert re.search(case.shows, said + happened), (happened, said[-3000:])


@pytest.mark.parametrize("name", CASES)
def test_feedback_gives_nothing_away(strangers, name):
    page = strangers.folder.feedback(name, ASSIGNMENT)
    if not page.is_file():
        assert all(0 in right for right in CASES[name].expected.values()), "no feedback for somebody with points"
        return
    text = page.read_text(encoding="utf-8")
    hidden = [secret for secret in [*SECRETS, "LOOT", CASES[name].hides] if secret and re.search(secret, text)]
    assert not hidden


def test_nobody_was_called(strangers):
    assert not strangers.heard


@pytest.mark.parametrize("place", [*KEPT, "startup", "notes", "tests"])
def test_nothing_has_changed(strangers, place):
    assert strangers.after[place] == strangers.before[place]


def test_nothing_stays(strangers):
    assert not strangers.processes
    assert not strangers.temporary


def test_grades_come_from_the_tests_alone(strangers):
    with closing(sqlite3.connect(strangers.folder.gradebook)) as database:
        assert database.execute("select count(*) from grade where manual_score is not null").fetchone() == (0,)
    full = replace(strangers.known[BYSTANDER], digest="")
    assert (full.score, full.max_score) == (sum(FULL.values()), sum(FULL.values()))


def test_no_notebook_grows(strangers):
    """Floods are cut; what a student attached to a text stays."""
    sizes = {
        name: strangers.folder.autograded(name, ASSIGNMENT).stat().st_size
        for name in CASES
        if strangers.folder.autograded(name, ASSIGNMENT).is_file() and name != "50 MB"
    }
    assert {name: size for name, size in sizes.items() if size > 2_000_000} == {}
