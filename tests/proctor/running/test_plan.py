"""Which cell runs where, and which names cross."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from proctor.inspection import SAME_PROCESS
from proctor.running.plan import Names, Owners, Place, names, places

LOCKED = {"locked": True}
TEST = {"locked": True, "grade": True}
SOLUTION = {"solution": True}


@pytest.mark.parametrize(
    ("source", "bound", "loaded"),
    [
        ("", set(), set()),
        ("x = y + 1", {"x"}, {"y"}),
        ("def f(a, b=c):\n    d = a\n    return d + e", {"f"}, {"c", "e"}),
        ("import torch.nn as nn\nfrom os import path as p", {"nn", "p"}, set()),
        ("import torch.nn", {"torch"}, set()),
        ("class A(B):\n    x = y\n    def m(self):\n        return self.x + z", {"A"}, {"B", "y", "z"}),
        ("[i * k for i in n]", set(), {"k", "n"}),
        ("f = lambda q: q + r", {"f"}, {"r"}),
        ("def f():\n    global g\n    g = h", {"f", "g"}, {"h"}),
        ("for i, j in pairs: total = print(i)", {"i", "j", "total"}, {"i", "pairs"}),
        ("with open(p) as file: pass", {"file"}, {"p"}),
        ("x: int = 3\nx += 1", {"x"}, set()),
        ("%timeit f(3)\n!ls\ny = 2", {"y"}, set()),
        ("print(len([1]))", set(), set()),
        ("def f(:", set(), set()),
        ("x = '\0'", set(), set()),
        ("(" * 5000, set(), set()),
    ],
)
def test_names(source, bound, loaded):
    found = names(source)
    assert found.bound == bound
    assert loaded <= found.loaded
    assert not found.loaded & {"print", "len", "int", "open"}


def test_names_are_of_the_cell_not_of_its_functions():
    assert names("def f(a):\n    b = a\n    return b") == Names(frozenset({"f"}))


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("got = f(1)\nassert got == 2", {"f"}),
        ("assert got == 2\ngot = f(1)", {"f", "got"}),
        ("x = x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("for i in n:\n    y = i\n    print(y + z)", {"n", "z"}),
        ("with open(p) as q:\n    r = q\nr", {"p"}),
        ("if a:\n    b = 1\nelse:\n    c = b\nc", {"a"}),
        ("try:\n    t = u\nexcept E as e:\n    print(e, t)\nfinally:\n    v", {"u", "E", "v"}),
        ("import torch as t\nt.ones(k)", {"k"}),
        ("def f():\n    return later\nlater = 2\nf()", {"later"}),
        ("while (m := nxt()):\n    m", {"nxt"}),
        ("[i for i in s]\ni = 2", {"s"}),
    ],
)
def test_names_that_are_read_before_they_are_given(source, needed):
    assert names(source).needed == needed


def cells(*pairs):
    """A notebook of pairs: source, nbgrader flags."""
    return new_notebook(
        cells=[
            new_markdown_cell(source) if flags is None else new_code_cell(source, metadata={"nbgrader": flags})
            for source, flags in pairs
        ]
    )


def test_places():
    notebook = cells(
        ("# title", None),
        ("import math", LOCKED),
        ("def f(x): return x", SOLUTION),
        ("f(1)", LOCKED),
        ("X = f(2)", LOCKED),
        ("assert f(X) == math.pi", TEST),
        (f"{SAME_PROCESS}\nassert f(1) == 1", TEST),
        ("", TEST),
        ("answer", {"grade": True, "solution": True}),
        ("mine = 3", {}),
        ("Z = f(3)", LOCKED),
    )
    assert list(places(notebook, frozenset({"f"})).items()) == [
        (1, Place.BOTH),
        (2, Place.STUDENT),
        (3, Place.STUDENT),
        (4, Place.BOTH),
        (5, Place.TESTS),
        (6, Place.GUARDED),
        (8, Place.STUDENT),
        (9, Place.STUDENT),
        (10, Place.STUDENT),
    ]


def test_a_helper_of_a_helper_runs_beside_too():
    notebook = cells(("def a(): return f()", LOCKED), ("def b(): return a()", LOCKED), ("b()", TEST))
    assert set(places(notebook, frozenset({"f"})).values()) == {Place.BOTH, Place.TESTS}


def test_owners():
    owners = Owners(frozenset({"f", "x"}))
    assert owners.crossing("f(y)") == ([], ["f", "y"])
    owners.ran("def f(): pass\nx = 1\nother = 2", by_student=True)
    assert owners.crossing("z = f(y)\nz") == (["f", "x"], ["f", "y"])
    owners.ran("x = 2", by_student=False)
    assert owners.crossing("")[0] == ["f"]
    owners.ran("x = 3", by_student=True)
    assert owners.crossing("")[0] == ["f", "x"]


def test_metadata_without_flags():
    notebook = new_notebook(cells=[new_code_cell("1", metadata=NotebookNode())])
    assert places(notebook, frozenset()) == {0: Place.STUDENT}
