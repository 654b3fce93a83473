"""Stand-ins: what they do, and that they cannot judge themselves."""

import copy
import math
import pickle

import numpy as np
import pytest
import torch

CODE = """
import torch
class Thing:
    "A thing."
    def __init__(self, v=1): self.v = v; self.items = [1, 2, 3]
    def double(self): return self.v * 2
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, v): self.items[i] = v
    def __delitem__(self, i): del self.items[i]
    def __add__(self, other): return Thing(self.v + (other.v if isinstance(other, Thing) else other))
    def __matmul__(self, other): return self.v * other.v
    def __neg__(self): return Thing(-self.v)
    def __abs__(self): return abs(self.v)
    def __enter__(self): self.v = "in"; return self
    def __exit__(self, kind, error, trace): self.v = f"out {kind and kind.__name__} {error}"; return True
class Other(Thing): pass
thing = Thing()
class Agrees:
    def __getattr__(self, name): return lambda *a, **k: True
    def __eq__(self, other): return True
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __bool__(self): return True
    def __float__(self): return 1.0
    __int__ = __index__ = __hash__ = lambda self: 1
    __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = lambda self, other=0: 0.0
    __class__ = property(lambda self: torch.Tensor)
agrees = Agrees()
def naturals():
    n = 0
    while True:
        yield n
        n += 1
"""


@pytest.fixture
def names(student):
    return student(CODE).names("Thing", "Other", "thing", "agrees", "naturals")


def test_attributes_methods_items(names):
    thing = names["Thing"](v=5)
    assert (thing.v, thing.double(), len(thing), thing[1], list(thing), 2 in thing, 9 in thing) == (
        *(5, 10, 3, 2, [1, 2, 3], True, False),
    )
    thing.v, thing[0] = 6, "first"
    del thing[2]
    assert (thing.double(), list(thing)) == (12, ["first", 2])
    del thing.v
    assert not hasattr(thing, "v")
    with pytest.raises(AttributeError):
        _ = thing.missing
    with pytest.raises(IndexError):
        thing[9]
    assert "double" in dir(thing)
    assert not callable(thing)
    assert not isinstance(thing, list | dict | tuple)


def test_operators(names):
    a, b = names["Thing"](2), names["Thing"](3)
    assert (a + b).v == 5
    assert a @ b == 6
    assert (-a).v == -2
    assert abs(-a) == 2


def test_with(names):
    thing = names["Thing"]()
    with thing as inside:
        assert inside is thing
        assert thing.v == "in"
    assert thing.v == "out None None"
    with pytest.raises(KeyError), thing:
        raise KeyError("of the test")
    assert thing.v == "out RuntimeError 'of the test'"


def test_classes(names):
    thing, other = names["Thing"](), names["Other"]()
    assert isinstance(other, names["Thing"])
    assert not isinstance(thing, names["Other"])
    assert not isinstance(3, names["Thing"])
    assert names["Thing"].__name__ == "Thing"
    assert names["Thing"].__doc__ == "A thing."
    assert not issubclass(names["Thing"], torch.nn.Module)
    with pytest.raises(TypeError, match="cannot come from it"):

        class Mine(names["Thing"]):
            pass


def test_copies(names):
    thing = names["Thing"]()
    twin = copy.deepcopy(thing)
    twin.v = 9
    twin.items.append(4)
    assert (thing.v, twin.v) == (1, 9)
    assert copy.copy(thing).v == 1
    with pytest.raises(TypeError, match="lives in the student's process"):
        pickle.dumps(thing)


def test_endless_iteration(names):
    numbers = names["naturals"]()
    assert next(numbers) == 0
    assert [n for n, _ in zip(numbers, range(3), strict=False)] == [1, 2, 3]
    assert iter(numbers) is numbers


def agreed(compare) -> bool:
    """Whether a comparison lets a test pass."""
    try:
        return compare() is not False
    except (TypeError, AssertionError, ValueError):
        return False


@pytest.mark.parametrize("want", [1, 1.0, True, "a", [1], None, torch.ones(2), np.ones(2)], ids=repr)
def test_an_object_that_always_agrees_never_does(names, want):
    got = names["agrees"]
    for compare in (
        *(lambda: got == want, lambda: want == got, lambda: got != want, lambda: got < want, lambda: got >= want),
        *(lambda: bool(got), lambda: float(got), lambda: int(got), lambda: hash(got), lambda: [1][got]),
        *(lambda: [got] == [want], lambda: got - want, lambda: want - got, lambda: got + want, lambda: got.equal(want)),
        *(
            lambda: {got},
            lambda: {got: 1},
            lambda: round(got),
            lambda: got.allclose(want),
            lambda: math.isclose(got, 1),
        ),
        *(lambda: torch.testing.assert_close(got, want), lambda: np.testing.assert_equal(got, want)),
        *(lambda: pytest.approx(1) == got, lambda: torch.equal(got, torch.ones(1)), lambda: got == "a"),
    ):
        assert not agreed(compare)
    assert not isinstance(got, torch.Tensor)


def test_the_refusal_says_what_to_do(names):
    with pytest.raises(TypeError, match="may not judge itself; compare plain values or tensors"):
        assert names["thing"] == 1


def test_in_is_decided_by_the_test(student):
    code = "class Liar:\n    __contains__ = lambda self, x: True\n    __iter__ = lambda self: iter([1])\nliar = Liar()"
    liar = student(code).names("liar")["liar"]
    assert 1 in liar
    assert 2 not in liar


def test_objects_are_released(student):
    names = student("import gc\nclass A: pass\ndef f(): return A()\ndef n(): gc.collect(); "
                    "return sum(type(o) is A for o in gc.get_objects())").names("f", "n")  # fmt: skip
    held = [names["f"]() for _ in range(5)]
    assert names["n"]() == 5
    del held[:3]
    assert names["n"]() == 2
