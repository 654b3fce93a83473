"""What the test hands to the student's code without giving it away: functions, iterables, iterators.

In the student's process they are the stand-ins below; each use is a message to the test's process, which runs the
real one. Only that use is possible: no attribute of the test's objects can be reached. Tensors that come back have
no gradient with respect to what went in.
"""

from collections.abc import Callable, Iterable, Iterator

from proctor.remote.errors import ProtocolError

CALLABLE, ITERABLE, ITERATOR = "f", "i", "n"
USES = {CALLABLE: {"call"}, ITERABLE: {"iter", "len", "item"}, ITERATOR: {"next"}}


class StandIn:
    """Something of the test's.

    Args:
        ask: sends a use, the key and its operands to the test, and returns the answer.
        key: the test's number for it.
        name: for messages.
    """

    def __init__(self, ask: Callable, key: int, name: str) -> None:
        self._ask, self._key = ask, key
        self.__name__ = name

    def __repr__(self) -> str:
        return f"<the test's {self.__name__}>"


class TestFunction(StandIn):
    """A function of the test's."""

    __test__ = False  # no collection by pytest

    def __call__(self, *args, **kwargs):
        return self._ask("call", self._key, args, kwargs)


class TestIterable(StandIn):
    """A data set, a loader or another iterable of the test's."""

    __test__ = False

    def __iter__(self):
        return self._ask("iter", self._key)

    def __len__(self):
        return self._ask("len", self._key)

    def __getitem__(self, index):
        return self._ask("item", self._key, index)


class TestIterator(StandIn):
    """A generator or another iterator of the test's."""

    __test__ = False

    def __iter__(self):
        return self

    def __next__(self):
        more, value = self._ask("next", self._key)
        if not more:
            raise StopIteration
        return value


STAND_INS = {CALLABLE: TestFunction, ITERABLE: TestIterable, ITERATOR: TestIterator}


class Callbacks:
    """The test's side: which of its objects the student's process may use, and how."""

    def __init__(self) -> None:
        self.entries: list[tuple[object, str]] = []
        self.keys: dict[int, int] = {}

    def offer(self, value: object) -> list | None:
        """The words for a function, iterable or iterator; None for anything else."""
        if callable(value):
            kind = CALLABLE
        elif isinstance(value, Iterator):
            kind = ITERATOR
        elif isinstance(value, Iterable) or (hasattr(value, "__len__") and hasattr(value, "__getitem__")):
            kind = ITERABLE
        else:
            return None
        if id(value) not in self.keys:
            self.keys[id(value)] = len(self.entries)
            self.entries.append((value, kind))
        name = getattr(value, "__name__", type(value).__name__)
        return ["F", self.keys[id(value)], kind, str(name)]

    def find(self, key: object) -> tuple[object, str]:
        """What was offered under a key.

        Raises:
            ProtocolError: if nothing was.
        """
        if type(key) is not int or not 0 <= key < len(self.entries):
            raise ProtocolError("the student's process used a function of the test's that it was not given")
        return self.entries[key]

    def use(self, use: object, key: object, operands: tuple) -> object:
        """Do with an offered object what the student's code asks for.

        Raises:
            ProtocolError: if it may not be used so.
        """
        value, kind = self.find(key)
        if use not in USES[kind]:
            raise ProtocolError(f"the student's process used the test's {type(value).__name__} in a way it may not")
        if use == "call" and len(operands) == 2 and type(operands[0]) is tuple and type(operands[1]) is dict:
            return value(*operands[0], **operands[1])
        if use == "item" and len(operands) == 1:
            return value[operands[0]]
        if not operands and use == "next":
            try:
                return True, next(value)
            except StopIteration:
                return False, None
        if not operands and use in ("iter", "len"):
            return iter(value) if use == "iter" else len(value)
        raise ProtocolError("the student's process used a function of the test's with malformed arguments")
