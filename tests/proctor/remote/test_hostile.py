"""A student's process that speaks the protocol by hand, and objects that lie: nothing but a clean error comes of it."""

import signal
import threading

import pytest
import torch
from torch import nn

from proctor.remote import session
from proctor.remote.errors import ProtocolError, StudentDied, StudentError
from proctor.rules import RuleBroken

HAND = """
import os, time
from proctor.remote import wire
connection = wire.Connection(descriptor)
def ask():
    question, buffers = connection.receive()
    return question
def answer(number, value, *, success=True, changes=[[], []], layouts=[], records=[], graph=None, used=[],
           broken=None, tensors=[], buffers=[]):
    parts = ["!", number, success, value, changes, layouts, records, graph, used, broken, tensors]
    connection.send(parts, buffers)
F = ["h", 1, "f", "f", []]
answer(ask()[1], ["l", ["t", F]])
question = ask()
n = question[1]
ONE = ["float32", [1], 0, 0, None]
GRAPH = ["float32", [1], 0, 2, None]
"""


@pytest.fixture
def hand(student):
    """The function `f` of a process that answers a call of it with some code."""
    return lambda code: student(HAND + code + "\ntime.sleep(60)", kind="r").names("f")["f"]


MALFORMED = {
    "garbage": "os.write(descriptor, b'garbage' * 100)",
    "a huge frame": "os.write(descriptor, wire.PREFIX.pack(1, 1, 1 << 40))",
    "huge JSON": "os.write(descriptor, wire.PREFIX.pack(1 << 31, 1, 1 << 27))",
    "a huge buffer": "os.write(descriptor, wire.PREFIX.pack(2, 1, 32) + wire.LENGTH.pack(1 << 62) + b'[]' + bytes(22))",
    "deep JSON": "text = b'[' * (1 << 17); os.write(descriptor, wire.PREFIX.pack(1 << 17, 0, 1 << 17) + text)",
    "an object": "os.write(descriptor, wire.PREFIX.pack(16, 0, 16) + b'{}'.ljust(16))",
    "no answer": "connection.send([], [])",
    "a word": "connection.send(['what'], [])",
    "a wrong number": "answer(n + 1, 1)",
    "an earlier number": "answer(n - 1, 1)",
    "a number that is none": "answer('1', 1)",
    "too few parts": "connection.send(['!', n, True, 1], [])",
    "success that is none": "answer(n, 1, success=1)",
    "an unknown value": "answer(n, ['x', 1])",
    "a deep value": "v = 1\nfor _ in range(60): v = ['l', v]\nanswer(n, v)",
    "no such argument": "answer(n, ['a', 5])",
    "no such tensor argument": "answer(n, ['at', 0])",
    "a callback that was not given": "answer(n, ['F', 0])",
    "a callback that is none": "answer(n, ['F', -1])",
    "a tensor never sent": "answer(n, ['P', 3])",
    "a module never sent": "answer(n, ['m', 3])",
    "a handle of another kind": "answer(n, ['h', 1, 'c', 'f', []])",
    "a handle below one": "answer(n, ['h', -1, 'o', 'f', []])",
    "a handle of no kind": "answer(n, ['h', 2, '?', 'f', []])",
    "a handle with wrong classes": "answer(n, ['h', 2, 'c', 'f', ['functional']])",
    "a shape that lies": "answer(n, ['T', 0], tensors=[['float32', [9], 0, 0, None]], buffers=[bytes(4)])",
    "a dtype that lies": "answer(n, ['T', 0], tensors=[['save', [1], 0, 0, None]], buffers=[bytes(4)])",
    "a buffer that is not there": "answer(n, ['T', 0], tensors=[ONE])",
    "a table that is none": "answer(n, 1, tensors='T')",
    "a key twice": "answer(n, ['d', 1, 2, 1, 3])",
    "a graph of nothing": "answer(n, 1, graph=[1, [0], [], []])",
    "a graph of ints": (
        "answer(n, ['T', 0], graph=[1, [0], [], []], tensors=[['int32', [1], 0, 0, None]], buffers=[bytes(4)])"
    ),
    "a graph of no argument": "answer(n, ['T', 0], graph=[1, [0], [7], []], tensors=[GRAPH], buffers=[bytes(4)])",
    "a graph of no leaf": "answer(n, ['T', 0], graph=[1, [0], [], [7]], tensors=[GRAPH], buffers=[bytes(4)])",
    "a graph that is none": "answer(n, 1, graph={}.keys().__len__())",
    "a change of nothing": "answer(n, 1, changes=[[[0, 1]], []])",
    "changes that are none": "answer(n, 1, changes=3)",
    "a record of nothing": "answer(n, 1, records=[[1, 1, None, False]])",
    "a record that is none": "answer(n, 1, records=[3])",
    "a record with a wrong flag": "answer(n, 1, records=[[5, 99, 0, False]], tensors=[ONE], buffers=[bytes(4)])",
    "an int with a gradient": (
        "answer(n, 1, records=[[5, 1, 0, False]], tensors=[['int32', [1], 0, 0, None]], buffers=[bytes(4)])"
    ),
    "a gradient of another shape": (
        "answer(n, 1, records=[[5, 1, 0, 1]], tensors=[ONE, ['float32', [2], 1, 0, None]],"
        " buffers=[bytes(4), bytes(8)])"
    ),
    "a module that is none": "answer(n, ['m', 5], layouts=[[5]])",
    "a module of no parts": "answer(n, ['m', 5], layouts=[[5, 'A', [], True, [['w', 9]], [], []]])",
    "a module with a part twice": "answer(n, 1, layouts=[[5, 'A', [], True, [['w', None], ['w', None]], [], []]])",
    "a module with a class of its own": "answer(n, ['m', 5], layouts=[[5, 'A', ['Parameter'], True, [], [], []]])",
    "a module whose child is none": "answer(n, ['m', 5], layouts=[[5, 'A', [], True, [], [], [['c', 6]]]])",
    "a module as a function": "answer(n, ['m', 1], layouts=[[1, 'A', [], True, [], [], []]])",
    "a buffer as parameter": (
        "answer(n, 1, layouts=[[5, 'A', [], True, [['w', 6]], [], []]], records=[[6, 0, 0, False]],"
        " tensors=[ONE], buffers=[bytes(4)])"
    ),
    "an exception that is none": "answer(n, 1, success=False)",
    "an exception with wrong frames": "answer(n, ['A', [], 'm', [[1, 2]], ''], success=False)",
    "a rule that was not": "answer(n, 1, broken=[0, 'fold'])",
    "random numbers that are none": "answer(n, 1, used=3)",
    "a call of nothing": "connection.send(['^', 1, n, 'call', 0, ['t', ['t'], ['d']], [], [], []], [])",
    "a call out of turn": "connection.send(['^', 1, n + 5, 'call', 0, ['t', ['t'], ['d']], [], [], []], [])",
    "a call without arguments": "connection.send(['^', 1, n, 'call', 0, 3, [], [], []], [])",
}


@pytest.mark.parametrize("way", MALFORMED)
def test_a_malformed_answer(hand, way):
    f = hand(MALFORMED[way])
    with pytest.raises(ProtocolError) as caught:
        f()
    assert caught.value.from_student
    assert len(str(caught.value)) < 1000


def test_the_end_within_a_frame(hand):
    f = hand("os.write(descriptor, wire.PREFIX.pack(100, 0, 112)); os._exit(0)")
    with pytest.raises(StudentDied):
        f()
    with pytest.raises(StudentDied):
        f()


def test_after_a_broken_frame_nothing_is_read(hand):
    f = hand("os.write(descriptor, b'garbage' * 100)")
    for _ in range(2):
        with pytest.raises(ProtocolError):
            f()
    session.finish()


def test_two_answers(hand):
    f = hand("answer(n, 1); answer(n, 2)\nwhile True: answer(ask()[1], 3)")
    assert f() == 1
    with pytest.raises(ProtocolError, match="not asked"):
        f()


def test_no_answer(hand):
    f = hand("time.sleep(60)")

    def interrupted():
        threading.Timer(0.5, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)).start()
        f()

    with pytest.raises(KeyboardInterrupt):
        interrupted()


NAMES = ["StopIteration", "KeyboardInterrupt", "SystemExit", "GeneratorExit", "RuleBroken", "BaseException", "../x\n"]


@pytest.mark.parametrize("name", NAMES)
def test_exceptions_with_a_meaning(hand, name):
    f = hand(f"answer(n, [{name!r}, [{name!r}, 'object'], 'm', [['f\\n' * 99, 3]], 'trace'], success=False)")
    with pytest.raises(StudentError) as caught:
        sorted(f() for _ in range(2))
    assert not isinstance(caught.value, RuleBroken | StopIteration)
    assert "\n" not in caught.value.student_frames[0]


@pytest.mark.parametrize(
    "grads",
    [
        *(
            "['l']",
            "['l', 1]",
            "['l', None, None]",
            "['l', ['T', 0]]",
            "3",
            "['t', None]",
            "['l', ['h', 2, 'o', 'x', []]]",
        ),
        *("['l', ['at', 0], 1]", "['d', 1, 2]"),
    ],
)
def test_forged_gradients(hand, grads):
    f = hand(
        "answer(n, ['T', 0], graph=[1, [0], [0], []], tensors=[GRAPH], buffers=[bytes(4)])\n"
        f"answer(ask()[1], {grads}, tensors=[['float32', [7], 0, 0, None]], buffers=[bytes(28)])"
    )
    x = torch.ones(1, requires_grad=True)
    with pytest.raises(ProtocolError):
        f(x).sum().backward()
    assert x.grad is None


def test_forged_changes(hand):
    """The kind of an argument stays what it is."""
    f = hand("answer(n, 1, changes=[[[0, ['d', 1, 2]]], []])")
    x = [1]
    with pytest.raises(ProtocolError, match="a list cannot become a dict"):
        f(x)
    assert x == [1]


def test_only_what_was_given_can_be_called(hand):
    f = hand("connection.send(['^', 1, n, 'item', 0, ['t', 'x'], [], [], []], [])")
    with pytest.raises(ProtocolError, match="in a way it may not"):
        f(lambda: 1)


def test_names_are_reduced(hand):
    f = hand("answer(n, ['h', 2, 'o', '<b>' * 50 + chr(27), []])")
    assert repr(f()) == "<student's " + "b" * 40 + " #2>"


def test_a_module_that_holds_itself(hand):
    f = hand("answer(n, ['m', 5], layouts=[[5, 'A', [], True, [], [], [['c', 5]]]])")
    module = f()
    assert isinstance(module, nn.Module)
    assert len(list(module.modules())) == 1


LIES = """
import torch
class Int(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__
class Str(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
class List(list):
    def __eq__(self, other): return True
class Dict(dict):
    def __eq__(self, other): return True
class Pair(tuple):
    def __eq__(self, other): return True
    def __iter__(self): raise ValueError
class T(torch.Tensor):
    @classmethod
    def __torch_function__(cls, f, types, args=(), kwargs=None): return True
class Closed:
    def __getattribute__(self, name): raise SystemExit("closed")
class Mute:
    def __repr__(self): raise ValueError("no")
    __str__ = __format__ = __repr__
class Meta(type):
    def __instancecheck__(cls, x): return True
    def __repr__(cls): raise ValueError
class Odd(metaclass=Meta): pass
class Error(Exception):
    def __str__(self): raise SystemExit
def error(): raise Error(1, 2)
def make(name):
    return {"int": Int(3), "str": Str("a"), "list": List(), "dict": Dict(), "tuple": Pair((1, 2)),
            "tensor": torch.ones(2).as_subclass(T), "closed": Closed(), "mute": Mute(), "odd": Odd}[name]
def endless():
    x = []
    x.append(x)
    return x
def deep():
    x = ()
    for _ in range(10000): x = (x,)
    return x
def wide():
    x = [0]
    for _ in range(39): x = [x, x]
    return x
def append(x): x.append(x)
def bomb(x): x[0] = x
"""


@pytest.fixture
def lies(student):
    return student(LIES).names("make", "error", "endless", "deep", "wide", "append", "Odd")


def test_subclasses_that_agree(lies):
    for name, want in [("int", 4), ("str", "b"), ("list", [1]), ("dict", {1: 2})]:
        got = lies["make"](name)
        with pytest.raises(TypeError, match="may not judge itself"):
            assert got == want
    assert lies["make"]("tuple") == (1, 2)
    assert lies["make"]("tuple") != (1, 3)
    got = lies["make"]("tensor")
    assert type(got) is torch.Tensor
    assert not torch.equal(got, torch.zeros(2))


def test_objects_that_resist(lies):
    for name in ("closed", "mute", "odd"):
        assert repr(lies["make"](name)).startswith("<student's ")
    with pytest.raises(StudentError, match="SystemExit: closed"):
        _ = lies["make"]("closed").x
    assert not isinstance(3, lies["Odd"])
    with pytest.raises(StudentError, match="no text"):
        lies["error"]()


def test_values_without_end(lies):
    with pytest.raises(ValueError, match="contains itself"):
        lies["endless"]()
    with pytest.raises(ValueError, match="nested more than 40"):
        lies["deep"]()
    x = []
    lies["append"](x)
    assert x[0] is x


def test_a_value_that_doubles(lies):
    with pytest.raises(ValueError, match="parts, cannot cross"):
        lies["wide"]()
