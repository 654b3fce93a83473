"""Stand-ins, in the test's process, for the student's objects that are no plain values.

What they do is done in the student's process. What would let a hostile object judge itself is refused: comparisons,
truth, numbers, hashes, arithmetic with the test's values, and methods such as `equal`. `in` goes through the items and
compares them in the test's process. A test that hands the expected value to any other method of the student's object
asks the student whether the answer is right.
"""

import inspect
import keyword

from proctor.remote.errors import ProtocolError

REACHABLE = {"__name__", "__qualname__", "__doc__", "__annotations__", "__defaults__", "__kwdefaults__"}
JUDGES = {"equal", "allclose", "isclose", "close", "eq", "ne", "lt", "le", "gt", "ge"}
BINARY = ("add", "sub", "mul", "truediv", "floordiv", "matmul", "mod", "pow")
UNARY = ("neg", "pos", "abs", "invert")
REFUSED = ("eq", "ne", "lt", "le", "gt", "ge", "bool", "float", "int", "index", "complex", "hash", "round")


class RemoteObject:
    """An object of the student's.

    Args:
        session: the connection to the student's process.
        number: the object's number there.
        name: its class, or its own name for functions and classes.
        bases: names of torch's module classes that a class comes from.
    """

    __slots__ = ("__weakref__", "_proctor_bases", "_proctor_name", "_proctor_number", "_proctor_session")

    def __init__(self, session, number: int, name: str, bases: list) -> None:
        object.__setattr__(self, "_proctor_session", session)
        object.__setattr__(self, "_proctor_number", number)
        object.__setattr__(self, "_proctor_name", name)
        object.__setattr__(self, "_proctor_bases", bases)

    def __del__(self) -> None:
        self._proctor_session.released.add(self._proctor_number)

    def _proctor_ask(self, operation: str, *operands: object) -> object:
        return self._proctor_session.ask(operation, self, *operands)

    def __repr__(self) -> str:
        return f"<student's {self._proctor_name} #{self._proctor_number}>"

    __str__ = __repr__

    def __format__(self, form: str) -> str:
        return format(repr(self), form)

    def __getattr__(self, name: str) -> object:
        hidden = name.startswith("__") and name.endswith("__") and name not in REACHABLE
        if hidden or name.startswith("_proctor_"):
            raise AttributeError(f"{self!r} is spoken to through the student's process, which does not tell {name}")
        if name in JUDGES:
            raise self._proctor_refusal(name)
        return self._proctor_ask("attr", name)

    def __setattr__(self, name: str, value: object) -> None:
        self._proctor_ask("setattr", name, value)

    def __delattr__(self, name: str) -> None:
        self._proctor_ask("delattr", name)

    def __dir__(self) -> list[str]:
        return sorted(one for one in self._proctor_ask("dir") if type(one) is str)

    def __len__(self) -> int:
        return plain(self._proctor_ask("len"), int)

    def __getitem__(self, key: object) -> object:
        return self._proctor_ask("item", key)

    def __setitem__(self, key: object, value: object) -> None:
        self._proctor_ask("setitem", key, value)

    def __delitem__(self, key: object) -> None:
        self._proctor_ask("delitem", key)

    def __iter__(self) -> "RemoteIterator":
        found = self._proctor_ask("iter")
        return found if isinstance(found, RemoteIterator) else iter(found)

    def __contains__(self, item: object) -> bool:
        try:
            items = iter(self)
        except TypeError:  # no iteration: an interval, say, whose `in` is all there is
            return plain(self._proctor_ask("contains", item), bool)
        return any(one is item or one == item for one in items)

    def __enter__(self) -> object:
        return self._proctor_ask("enter")

    def __exit__(self, kind, error, trace) -> None:
        self._proctor_ask("leave", None if error is None else str(error))

    def __copy__(self) -> object:
        return self._proctor_ask("copy")

    def __deepcopy__(self, memo: dict) -> object:
        return self._proctor_ask("deepcopy")

    def __reduce_ex__(self, protocol: int):
        raise TypeError(f"{self!r} cannot be pickled: it lives in the student's process")

    def _proctor_refusal(self, name: str) -> TypeError:
        return TypeError(
            f"{self!r} cannot answer {name!r}: an object of the student's may not judge itself; compare plain values "
            "or tensors, such as its attributes or what its methods return"
        )


class RemoteFunction(RemoteObject):
    """A function, method or other callable of the student's."""

    __slots__ = ()

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self._proctor_ask("call", args, kwargs)

    @property
    def __name__(self) -> str:
        return plain(self._proctor_ask("name"), str)

    @property
    def __signature__(self) -> inspect.Signature:
        return signature(self._proctor_ask("signature"))


class RemoteClass(RemoteFunction):
    """A class of the student's. Whether an object is an instance of it, the student's process says."""

    __slots__ = ()

    def __instancecheck__(self, instance: object) -> bool:
        if not self._proctor_session.owns(instance):
            return False
        return plain(self._proctor_session.ask("isinstance", instance, self), bool)

    @property
    def __bases__(self) -> tuple[type, ...]:
        return tuple(self._proctor_session.torch_classes(self._proctor_bases)[:1]) or (object,)

    def __mro_entries__(self, bases: tuple) -> tuple:
        raise TypeError(f"{self!r} lives in the student's process: a class of the test's cannot come from it")


class RemoteIterator(RemoteObject):
    """A generator or another iterator of the student's; each item is asked for when it is needed."""

    __slots__ = ()

    def __iter__(self) -> "RemoteIterator":
        return self

    def __next__(self) -> object:
        found = self._proctor_ask("next")
        if type(found) is not tuple or len(found) > 1:
            raise ProtocolError("expected one item or none")
        if not found:
            raise StopIteration
        return found[0]


def refusing(name: str):
    """A special method that refuses."""

    def method(self, *_: object):
        raise self._proctor_refusal(name)

    return method


def unary(name: str):
    """A special method that the student's process answers."""

    def method(self) -> object:
        return self._proctor_session.ask("operator", name, self)

    return method


def binary(name: str, reflected: bool = False):
    """A special method of two objects, answered there if both are the student's."""

    def method(self, other: object) -> object:
        if not isinstance(other, RemoteObject):
            raise self._proctor_refusal(name)
        pair = (other, self) if reflected else (self, other)
        return self._proctor_session.ask("operator", name, *pair)

    return method


# a class's own docstring would hide an inherited property
for _kind in (RemoteFunction, RemoteClass):
    _kind.__doc__ = property(lambda self: self._proctor_ask("doc"))
for _name in REFUSED:
    setattr(RemoteObject, f"__{_name}__", refusing(_name))
for _name in UNARY:
    setattr(RemoteObject, f"__{_name}__", unary(_name))
for _name in BINARY:
    setattr(RemoteObject, f"__{_name}__", binary(_name))
    setattr(RemoteObject, f"__r{_name}__", binary(_name, reflected=True))


def plain(value: object, kind: type) -> object:
    """A value that has to be of one type.

    Raises:
        ProtocolError: if it is not.
    """
    if type(value) is not kind:
        raise ProtocolError(f"expected a value of type {kind.__name__}, got one of {type(value).__name__}")
    return value


def signature(parts: object) -> inspect.Signature:
    """A signature from the student's process, checked; a default that is not plain is shown as `...`."""
    parameters = []
    for part in plain(parts, list):
        name, kind, defaulted, default = part if type(part) is tuple and len(part) == 4 else (None,) * 4
        if type(name) is not str or not name.isidentifier() or keyword.iskeyword(name) or type(kind) is not int:
            raise ProtocolError("a parameter without a name and a kind")
        if type(default) not in (bool, int, float, str, type(None), type(...)) or not 0 <= kind <= 4:
            raise ProtocolError("a parameter with a default or a kind of the wrong type")
        value = default if defaulted else inspect.Parameter.empty
        parameters.append((name, list(inspect._ParameterKind)[kind], value))
    try:
        return inspect.Signature([inspect.Parameter(name, kind, default=one) for name, kind, one in parameters])
    except ValueError as error:
        raise ProtocolError(f"parameters that make no signature: {error}") from None
