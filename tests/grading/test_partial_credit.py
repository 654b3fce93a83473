"""What a test's last line gives, from the master to the gradebook: a number of points, or a broken test.

One assignment has a test cell for each kind of value. It is graded by plain nbgrader and by the class runner, and its
release is refused.
"""

import nbformat
import pytest
from nbgrader.api import Gradebook

from proctor.classroom import set_up
from proctor.course import ClassFolder, Course, CourseError
from proctor.gradebook import find_tests, scores
from proctor.inspection import SAME_PROCESS, flags
from proctor.master import build
from proctor.mutants import grade_bank
from proctor.release import release
from proctor.sample import unmarked
from tests.grading.conftest import CONFIG, LEAN, command, table

pytestmark = pytest.mark.slow

POINTS = 3
BROKEN = "broken"
TESTS = {  # name -> what the cell's last lines are, and the points that the right answer gets
    "nothing": ("assert double(2) == 4", 3),
    "none": ("None", 3),
    "suppressed": ("0.5;", 3),
    "printed": ("print(0)", 3),
    "displayed": ("display(0)", 3),
    "int": ("double(1)", 2),
    "float": ("1e0", 1),
    "minus-zero": ("-0.0", 0),
    "all": ("3.0", 3),
    "fails-after-a-value": ("import sys\nsys.displayhook(3)\nassert False, 'no'", 0),
    "minus-one": ("-1", BROKEN),
    "six": ("6", BROKEN),
    "a-bit-much": ("3.0000001", BROKEN),
    "nan": ("float('nan')", BROKEN),
    "inf": ("float('inf')", BROKEN),
    "huge": ("10**400", BROKEN),
    "huger": ("10**5000", BROKEN),
    "true": ("double(2) == 4", BROKEN),
    "false": ("double(2) == 5", BROKEN),
    "text": ("'3'", BROKEN),
    "numpy-zero": ("import numpy as np\nnp.float64(0)", BROKEN),
    "numpy-int": ("np.int64(2)", BROKEN),
    "numpy-as-printed-once": ("np.set_printoptions(legacy='1.25')\nnp.float64(2)", BROKEN),
    "tensor": ("import torch\ntorch.tensor(3)", BROKEN),
    "decimal": ("from decimal import Decimal\nDecimal(2)", BROKEN),
    "fraction": ("from fractions import Fraction\nFraction(1, 2)", BROKEN),
    "list": ("[3]", BROKEN),
    "table": ("class Table:\n    def _repr_html_(self): return '<b>2</b>'\nTable()", BROKEN),
    "shows-itself": ("class Own:\n    def _ipython_display_(self): print('hm')\nOwn()", BROKEN),
    "poses-as-number": ("class Posing:\n    def __repr__(self): return '2'\nPosing()", BROKEN),
    "mute": ("class Mute:\n    def __repr__(self): raise ValueError\nMute()", BROKEN),
    "two": ("import sys\nsys.displayhook(1)\n2", BROKEN),
    "after-much": ("for _ in range(4000):\n    display({'image/png': 'QUJD' * 200}, raw=True)\n'x'", BROKEN),
    "inside": (f"{SAME_PROCESS}\n2", BROKEN),
    "inside-nothing": (f"{SAME_PROCESS}\nassert double(2) == 4", 3),
    "last": ("assert double(3) == 6\n2.5", 2.5),
}
CELL = """
```{{code-cell}} ipython3
---
nbgrader:
  grade_id: {name}
  {flags}
---
{source}
```
"""
ANSWER = 'def double(x):\n    """Twice x."""\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION'


def master(tests: dict[str, str]) -> str:
    """An assignment with one function and these tests: name -> source."""
    head = "---\nkernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n---\n"
    cells = [CELL.format(name="double", flags="solution: true", source=ANSWER)]
    graded = f"grade: true\n  locked: true\n  points: {POINTS}"
    cells += [CELL.format(name=f"test_double_{name}", flags=graded, source=text) for name, text in tests.items()]
    return head + "".join(cells)


def make_course(root, tests: dict[str, str], more: str = "") -> Course:
    """A course with that assignment, built; with further lines in its configuration."""
    (root / "solutions" / "credit").mkdir(parents=True)
    (root / "solutions" / "credit" / "credit.md").write_text(master(tests))
    (root / "nbgrader_config.py").write_text(CONFIG.read_text() + more)
    found = Course(root.resolve())
    build(found, "credit")
    return found


@pytest.fixture(scope="module")
def odd(tmp_path_factory) -> Course:
    """A course whose tests give everything."""
    tests = {name: source for name, (source, _) in TESTS.items()}
    return make_course(tmp_path_factory.mktemp("odd"), tests)


@pytest.fixture(scope="module", params=["nbgrader autograde", "proctor grade"])
def graded(request, odd, tmp_path_factory):
    """A class of two, right and wrong, graded in one of the two ways; with what was printed."""
    folder = ClassFolder(tmp_path_factory.mktemp("class").resolve())
    set_up(odd, folder, "credit")
    solved = nbformat.read(odd.built("credit"), as_version=4)
    for student, answer in {"right": "return 2 * x", "wrong": "return 0"}.items():
        for cell in solved.cells:
            if flags(cell).get("solution"):
                cell.source = unmarked(cell.source).replace("return 2 * x", answer)
        path = folder.submission(student, "credit")
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(solved))
    tool, verb = request.param.split()
    words = ["--class", str(folder.root)] if tool == "proctor" else []
    done = command(tool, verb, "credit", *words, cwd=odd.root if words else folder.root)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder, done


def given(folder, student) -> dict:
    """Points by the test's short name, None where a person decides."""
    found = scores(folder.gradebook, "credit")[student].cells
    return {name.removeprefix("test_double_"): points for name, (points, _) in found.items()}


def test_points(graded):
    folder, _ = graded
    assert given(folder, "right") == {name: None if right == BROKEN else right for name, (_, right) in TESTS.items()}


def test_what_is_broken_is_so_for_everybody(graded):
    folder, _ = graded
    for name, points in given(folder, "wrong").items():
        right = TESTS[name][1]
        fails = name in ("nothing", "inside-nothing", "last")
        assert points == (None if right == BROKEN else 0 if fails or name == "int" else right), name


def test_a_person_sees_them(graded):
    folder, done = graded
    with Gradebook(f"sqlite:///{folder.gradebook}") as gradebook:
        submission = gradebook.find_submission("credit", "right")
        assert submission.needs_manual_grade
        waiting = {one.name: one.auto_score for one in submission.notebooks[0].grades if one.needs_manual_grade}
    assert waiting == {f"test_double_{name}": None for name, (_, right) in TESTS.items() if right == BROKEN}
    shown = folder.autograded("right", "credit").read_text()
    assert "BrokenTest: this test gave np.float64(0.0) (numpy.float64), which is no int or float from 0 to 3" in shown
    if done.args[2] == "proctor":
        score, what = table(done.stdout)["right"]
        assert score.endswith(f"+ {POINTS * len(waiting)} by hand")
        assert "look at the broken test `test_double_true`: it gave True (bool), which is no int or float from" in what


def test_a_persons_points_stay(odd, graded):
    folder, _ = graded
    with Gradebook(f"sqlite:///{folder.gradebook}") as gradebook:
        grade = gradebook.find_grade("test_double_true", "credit", "credit", "right")
        grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.db.commit()
    assert given(folder, "right")["true"] == 3
    words = ["proctor", "grade", "credit", "--class", str(folder.root)]
    done = command(*words, cwd=odd.root)
    assert "nothing new to grade" in done.stdout, done.stderr
    page = folder.feedback("right", "credit").read_text()
    assert "no fault of yours; a person decides" in page
    assert "np.float64" not in page.replace("np.float64(0)", "").replace("np.float64(2)", "")  # but for the tests' text


def test_release_refuses(odd):
    with pytest.raises(CourseError) as caught:
        release(odd, "credit")
    lines = str(caught.value).splitlines()
    names = [name for name, (_, right) in TESTS.items() if right == BROKEN]
    assert len(lines) == len(names)
    for line, name in zip(lines, names, strict=True):
        assert f"credit.md: test cell `test_double_{name}` gave " in line
    assert lines[names.index("numpy-int")].endswith("write `float(...)` around it")
    assert not odd.released("credit").exists()
    assert find_tests(odd.root / "gradebook.db", "credit") is None


def test_release_for_a_class_refuses_too(odd, tmp_path):
    done = command("proctor", "release", "credit", "--class", str(tmp_path / "class"), cwd=odd.root)
    assert done.returncode == 1
    assert "test cell `test_double_six` gave 6, which is not from 0 to 3" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "class" / "gradebook.db").exists()


def test_a_mended_release(tmp_path):
    tests = {"sum": "assert double(1) == 2\nfloat(sum([1.0, 2.0]))", "fails": "assert double(1) == 3, 'not so'"}
    mended = make_course(tmp_path / "mended", tests, LEAN)
    first = command("proctor", "release", "credit", cwd=mended.root)
    assert first.returncode == 0
    assert "the solution itself fails `test_double_fails`: AssertionError: not so" in first.stderr
    assert mended.released("credit").exists()
    again = command("proctor", "release", "credit", cwd=mended.root)  # the same version is not tried again
    assert (again.returncode, again.stderr) == (0, "")
    assert find_tests(mended.root / "gradebook.db", "credit").points["test_double_sum"] == POINTS


def test_a_bank_says_so(tmp_path):
    """A broken test gives a wrong answer 0 points: that is not as expected."""
    odd = make_course(tmp_path / "bank", {"sum": "float('nan') * double(1)"}, LEAN)
    for kind in ("wrong", "right"):
        file = odd.bank("credit") / "double" / kind / "answer.py"
        file.parent.mkdir(parents=True)
        file.write_text("# forgets the 2\ndef double(x): return x")
    verdicts = grade_bank("credit", odd.bank("credit"), tmp_path / "work", odd)
    assert [(one.broken, one.as_expected) for one in verdicts] == [(True, False), (True, False)]
    assert verdicts[0].reason.startswith("test_double_sum: BrokenTest: this test gave nan, which is not from 0 to 3")
