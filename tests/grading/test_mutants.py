"""A bank of answers graded through nbgrader: each file has its exercise's points, not its neighbour's."""

import pytest

from proctor.course import CourseError
from proctor.mutants import grade_bank

pytestmark = pytest.mark.slow

BANK = {
    "double/wrong/adds_two.py": "# thinks that doubling adds 2\ndef double(x):\n    return x + 2",
    "double/wrong/loops.py": "# waits for 0\ndef double(x):\n    while True:\n        pass",
    "double/right/adds.py": "# adds it to itself\ndef double(x):\n    return x + x",
    "half/wrong/integer.py": "# divides integers\ndef half(x):\n    return x // 2",
    "half/right/times.py": "# multiplies\ndef half(x):\n    return 0.5 * x",
    "half/forbidden/right_by_luck.py": "# has no rule to break\ndef half(x):\n    return x / 2",
}


@pytest.fixture
def bank(tmp_path):
    """A folder with the answers above."""
    for name, text in BANK.items():
        path = tmp_path / "bank" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "bank"


def test_verdicts(course, bank, tmp_path):
    verdicts = grade_bank("tiny", bank, tmp_path / "work", course=course, timeout=3)
    assert [
        (str(one.file.relative_to(bank)), one.exercise, one.expected, one.score, one.max_score, one.as_expected)
        for one in verdicts
    ] == [
        ("double/wrong/adds_two.py", "double", "wrong", 0, 2, True),
        ("double/wrong/loops.py", "double", "wrong", 0, 2, True),
        ("double/right/adds.py", "double", "right", 2, 2, True),
        ("half/wrong/integer.py", "half", "wrong", 0, 3, True),
        ("half/forbidden/right_by_luck.py", "half", "forbidden", 3, 3, False),
        ("half/right/times.py", "half", "right", 3, 3, True),
    ]
    assert verdicts[0].reason == "test_double: AssertionError: twice -1.5 is -3"
    assert verdicts[1].reason == "test_double: CellTimeoutError: ran longer than 3 s and was interrupted"
    assert verdicts[2].reason == ""


def test_an_exercise_that_does_not_exist(course, bank, tmp_path):
    (bank / "halve").mkdir()
    with pytest.raises(CourseError, match=r"halve is for no exercise: .*there are double, half, root, why"):
        grade_bank("tiny", bank, tmp_path / "work", course=course)


def test_an_empty_bank(course, tmp_path):
    with pytest.raises(CourseError, match="holds no answers"):
        grade_bank("tiny", tmp_path / "nowhere", tmp_path / "work", course=course)
