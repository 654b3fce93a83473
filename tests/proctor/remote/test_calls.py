"""Calls of the student's functions, and what passes through them."""

import inspect
import io
import random
import signal
import threading
import time
from collections import Counter, OrderedDict, deque

import numpy as np
import pytest
import torch
from torch import nn

from proctor.remote import session
from proctor.remote.errors import StudentDied, StudentError, StudentTimeout

IDENTITY = "def f(x): return x"


def test_a_test_cell_runs_unchanged(remote):
    softmax = remote("import torch\ndef softmax(x, dim=-1): return torch.softmax(x, dim)", "softmax")
    x = torch.randn(4, 5)
    torch.testing.assert_close(softmax(x), torch.softmax(x, -1))
    torch.testing.assert_close(softmax(x, dim=0), torch.softmax(x, 0))
    assert callable(softmax)
    assert repr(softmax) == str(softmax) == f"<student's softmax #{softmax._proctor_number}>"


def test_values_both_ways(remote):
    f = remote("def f(*args, **kwargs): return args, kwargs", "f")
    given = (1, "a", [1.5, {2: (None, True)}], {3}, np.ones(2), np.float32(2), b"b", slice(1), range(3))
    args, kwargs = f(*given, k=bytearray(b"x"))
    assert args[:4] == given[:4]
    assert args[4] is given[4]
    assert args[5:] == given[5:]
    assert kwargs == {"k": bytearray(b"x")}


def test_what_only_the_test_has_crosses_as_its_base(remote):
    f = remote("def f(x): return type(x).__name__, x", "f")

    class Text(str):
        pass

    class Numbers(list):
        pass

    assert f(Text("a")) == ("str", "a")
    assert f(Numbers([1]))[0] == "list"


def test_tensors_keep_what_they_are(remote):
    f = remote(
        "import torch\n"
        "def f(x): return x.requires_grad, x.is_leaf, isinstance(x, torch.nn.Parameter), x.is_contiguous(), x.dtype",
        "f",
    )
    x = torch.ones(2, 3)
    assert f(x) == (False, True, False, True, torch.float32)
    assert f(nn.Parameter(x)) == (True, True, True, True, torch.float32)
    assert f(x.double().requires_grad_() * 1) == (True, False, False, True, torch.float64)
    assert f(x.T)[3] is True


def test_in_place_changes_arrive(remote):
    code = """
import torch
def f(t, l, d, s, a, b, q, nested):
    t.clamp_(min=0); l.append(4); d.pop("a"); d["new"] = l; s.add(9); a[0] = 7; b.extend(b"!"); q.append(3)
    nested[0][1]["x"].data -= 1
"""
    f = remote(code, "f")
    t, l, d, s = torch.tensor([-1.0, 2.0]), [3], {"a": 1, "b": 2}, {1}
    a, b, q, inner = np.zeros(2), bytearray(b"x"), deque([1], 2), torch.zeros(2)
    f(t, l, d, s, a, b, q, [(0, {"x": inner})])
    assert t.tolist() == [0, 2]
    assert l == [3, 4]
    assert d == {"b": 2, "new": [3, 4]}
    assert d["new"] is l
    assert (s, a.tolist(), b, list(q)) == ({1, 9}, [7, 0], b"x!", [1, 3])
    assert inner.tolist() == [-1, -1]


def test_in_place_changes_of_dicts_with_an_order(remote):
    f = remote("def f(x):\n    for k in list(x): x.pop(k)\n    x['b'] = 1; x['a'] = 2", "f")
    for kind in (OrderedDict, Counter, dict):
        x = kind({"a": 5})
        f(x)
        assert list(x.items()) == [("b", 1), ("a", 2)]
        assert type(x) is kind


def test_changes_before_an_exception_arrive(remote):
    f = remote("def f(x):\n    x.append(1)\n    raise ValueError('later')", "f")
    x = []
    with pytest.raises(ValueError, match="later"):
        f(x)
    assert x == [1]


def test_shapes_and_grads_may_change_in_place(remote):
    f = remote("def f(x): x.unsqueeze_(0)\ndef g(x): x.grad = None\ndef h(p): p.data -= 0.5 * p.grad", "f", "g", "h")
    x = torch.ones(2)
    f[0](x)
    assert x.shape == (1, 2)
    x = torch.ones(2, requires_grad=True)
    (x * 3).sum().backward()
    f[2](x)
    assert x.tolist() == [-0.5, -0.5]
    assert x.grad.tolist() == [3, 3]
    f[1](x)
    assert x.grad is None


def test_identity(remote):
    same, f, make, check = remote(
        "def same(a, b): return a is b\ndef f(x): return x\nclass Thing: pass\nthing = Thing()\n"
        "def make(): return thing\ndef check(x): return x is thing",
        *("same", "f", "make", "check"),
    )
    x, l, module = torch.ones(1), [1], nn.Linear(1, 1)
    assert same(x, x)
    assert same(l, l)
    assert same(module, module)
    assert not same([1], [1])
    assert f(x) is x
    assert f(l) is l
    assert f(module) is module
    assert make() is make()
    assert check(make())


def test_exceptions(remote):
    code = """
class Mine(ValueError): pass
class Odd(BaseException): pass
def f(name, *args): raise {**__builtins__, "Mine": Mine, "Odd": Odd}[name](*args)
""".replace("__builtins__", "vars(__import__('builtins'))")
    f = remote(code, "f")
    for kind in (ValueError, KeyError, IndexError, ZeroDivisionError, AssertionError, TypeError, NotImplementedError):
        with pytest.raises(kind) as caught:
            f(kind.__name__, "why")
        assert type(caught.value) is kind
        assert caught.value.args == ("why",)
        assert caught.value.from_student is True
        assert caught.value.student_frames == ("function `f`, line 4",)
        assert caught.value.__notes__ == [f"raised by the student's code: {kind.__name__}, function `f`, line 4"]
    with pytest.raises(ValueError, match="why"):
        f("Mine", "why")
    for name in ("StopIteration", "StopAsyncIteration", "SystemExit", "GeneratorExit", "Odd", "Exception"):
        with pytest.raises(StudentError, match=f"{name}: why"):
            f(name, "why")
    with pytest.raises(ValueError, match="ordinal not in range"):
        remote("def g(): 'é'.encode('ascii')", "g")()


def test_long_messages_are_cut(remote):
    f = remote("def f(): raise ValueError('x' * 10**6)", "f")
    with pytest.raises(ValueError, match="xxx") as caught:
        f()
    assert str(caught.value) == "x" * 4000


def once(file, action):
    """Do something as soon as a file is there, in a thread."""

    def wait():
        while not file.exists():
            time.sleep(0.01)
        action()

    threading.Thread(target=wait, daemon=True).start()


def test_a_timeout(student, tmp_path):
    started = tmp_path / "started"
    one = student(
        f"import time\ndef f(): print(flush=True); open({str(started)!r}, 'w'); time.sleep(3600)\ndef g(): return 1"
    )
    names = one.names("f", "g")
    once(started, one.interrupt)
    with pytest.raises(StudentTimeout, match="ran too long and was interrupted"):
        names["f"]()
    assert names["g"]() == 1


def test_an_interrupt_at_rest_means_nothing(student):
    one = student("def g(): return 1")
    g = one.names("g")["g"]
    for _ in range(5):
        one.interrupt()
        assert g() == 1


def test_an_interrupt_of_the_test(student, tmp_path):
    """The answer that the test no longer waits for is passed over when it comes."""
    started, over = tmp_path / "started", tmp_path / "over"
    one = student(
        f"import os, time\ndef f():\n    open({str(started)!r}, 'w')\n"
        f"    while not os.path.exists({str(over)!r}): time.sleep(0.01)\n    return 'late'\ndef g(): return 1"
    )
    names = one.names("f", "g")
    once(started, lambda: signal.pthread_kill(threading.main_thread().ident, signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        names["f"]()
    over.touch()
    assert names["g"]() == 1


def test_death(student):
    names = student("import os\ndef f(): os._exit(1)").names("f")
    with pytest.raises(StudentDied, match="the student's process ended while"):
        names["f"]()
    with pytest.raises(StudentDied, match="ended"):
        names["f"]()
    session.finish()


def test_signatures(remote):
    f, g = remote('def f(a, /, b=2, *c, d="x", e=[], **k):\n    "What f does."\ng = len', "f", "g")
    assert str(inspect.signature(f)) == "(a, /, b=2, *c, d='x', e=Ellipsis, **k)"
    assert f.__name__ == "f"
    assert f.__doc__ == "What f does."
    assert list(inspect.signature(g).parameters) == ["obj"]


def test_modes_travel(remote):
    code = """
import torch
def f(): return torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.get_default_dtype()
def spoil(): torch.set_grad_enabled(False); torch.set_default_dtype(torch.half)
def g(x): return (x * 2).requires_grad
"""
    f, spoil, g = remote(code, "f", "spoil", "g")
    x = torch.ones(1, requires_grad=True)
    assert f() == (True, False, torch.float32)
    with torch.no_grad():
        assert f()[0] is False
        assert g(x) is False
    with torch.inference_mode():
        assert f()[1] is True
        assert torch.ones(2).is_inference()
    torch.set_default_dtype(torch.float64)
    try:
        assert f()[2] is torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    spoil()
    assert f() == (True, False, torch.float32)
    assert torch.is_grad_enabled()


def test_seeds_travel(remote):
    code = "import torch, random, numpy\ndef f(): return float(torch.rand(())), random.random(), numpy.random.rand()"
    f = remote(code, "f")

    def seed(number):
        torch.manual_seed(number)
        random.seed(number)
        np.random.seed(number)

    seed(3)
    first = f()
    assert f() != first
    seed(3)
    assert f() == first
    seed(3)
    assert first == (float(torch.rand(())), random.random(), np.random.rand())
    generator = torch.Generator().manual_seed(5)
    draw = remote("import torch\ndef draw(g): return torch.rand(2, generator=g)", "draw")
    first = draw(generator)
    assert torch.equal(first, torch.rand(2, generator=torch.Generator().manual_seed(5)))
    assert not torch.equal(draw(generator), first)


def test_the_student_does_not_choose_random_numbers(remote):
    f = remote("import torch\ndef f(): torch.manual_seed(0)", "f")
    torch.manual_seed(1)
    f()
    assert not torch.equal(torch.rand(3), torch.rand(3, generator=torch.Generator().manual_seed(0)))


@pytest.mark.parametrize(
    "value", [io.StringIO("x"), object(), torch.optim.SGD([torch.ones(1)])], ids=["file", "o", "sgd"]
)
def test_what_cannot_cross(remote, value):
    f = remote(IDENTITY, "f")
    with pytest.raises(TypeError, match=f"a {type(value).__name__} of the test cannot be handed to the student's code"):
        f(value)
    assert f(1) == 1


def test_too_much_comes_back(remote):
    f, big = remote("import torch\ndef f(): return big\nbig = torch.zeros(300 << 20, dtype=torch.uint8)", "f", "big")
    with pytest.raises(ValueError, match="300 MiB cannot cross"):
        f()
    assert "Tensor" in repr(big)


def test_prepare(student):
    student("a, b, c = 1, [2], 3\ndef f(): return a\nimport torch.nn.functional as F")
    namespace = {"b": "old", "c": "the test's", "gone": 1}
    session.prepare(namespace, ["b", "gone"], ["a", "c", "len", "lost", "F"], [])
    assert namespace == {"a": 1, "b": [2], "c": "the test's", "F": nn.functional}
    session.finish()
    session.prepare(namespace, ["f"], [], [])
    assert namespace["f"]() == 1
    session.Current.dialogue = None
    with pytest.raises(RuntimeError, match="connect"):
        session.prepare({}, [], [], [])


def test_last_error(remote, monkeypatch):
    import sys

    f = remote("def inner(): return 1 / 0\ndef f(): return inner()", "f")
    monkeypatch.setattr(session.Current, "earlier", None)
    for code, expected in [
        (
            lambda: f(),
            ("ZeroDivisionError", "division by zero", True, ["function `f`, line 2", "function `inner`, line 1"]),
        ),
        (lambda: 1 + "", ("TypeError", "unsupported operand type(s) for +: 'int' and 'str'", False, [])),
    ]:
        try:
            code()
        except Exception as error:
            monkeypatch.setattr(sys, "last_value", error, raising=False)
        assert tuple(session.last_error().values()) == expected
    monkeypatch.setattr(session.Current, "earlier", sys.last_value)
    assert session.last_error() is None
