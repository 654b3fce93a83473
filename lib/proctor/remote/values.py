"""Plain values as JSON lists and buffers, and back.

None, bools, strings, small ints and finite floats are themselves; everything else is a list that starts with a
tag. Tensors stand in a table of their own (`arrays`), so that one tensor crosses once. What is no plain value is
left to the two sides: the `export` of the encoder and the `special` of the decoder.

Only exact types are plain: a subclass may answer for itself, so it never crosses as one.
"""

import math
import pathlib
from collections import Counter, OrderedDict, deque
from collections.abc import Callable

from proctor.remote.arrays import EncodesArrays, decode_array, decode_scalar, decode_torch, parts_of
from proctor.remote.errors import ProtocolError

DEPTH = 40
MARGIN = 4  # for what a message puts around a value
NODES = 2_000_000
SMALL = 1 << 63
SEQUENCES = {list: "l", tuple: "t", set: "s", frozenset: "fs"}
MAPPINGS = {dict: "d", OrderedDict: "od", Counter: "ct"}
MUTABLE = (list, dict, set, bytearray, OrderedDict, Counter, deque)


class Encoder(EncodesArrays):
    """Writes values for one message.

    Args:
        export: given a value that is not plain and this encoder, returns its list, or raises TypeError.
        sharing: whether a mutable container met twice is one object on the other side, too. Otherwise it is two.

    Attributes:
        buffers: the raw parts. tensors: the table of tensors. originals: the tensors themselves.
        objects: the numbered values: mutable containers and what `export` numbers.
    """

    def __init__(self, export: Callable, sharing: bool) -> None:
        super().__init__()
        self.export = export
        self.sharing = sharing
        self.objects: list = []
        self.numbers: dict[int, int | None] = {}
        self.known: dict[int, list] = {}
        self.nodes = 0

    def encode(self, value: object, depth: int = 0) -> object:
        """A value as JSON.

        Raises:
            TypeError: if something in it cannot cross.
            ValueError: if it is nested too deeply, contains itself, or is too large.
        """
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        if kind is int:
            return value if -SMALL < value < SMALL else ["i", hex(value)]
        if kind is float:
            return value if math.isfinite(value) else ["f", repr(value)]
        self.nodes += 1
        if depth > DEPTH or self.nodes > NODES:
            raise ValueError(f"a value nested more than {DEPTH} deep, or of more than {NODES} parts, cannot cross")
        if id(value) in self.known:
            return self.known[id(value)]
        if kind in MUTABLE:
            return self.numbered(value, lambda: self.container(value, kind, depth + 1))
        found = self.container(value, kind, depth + 1)
        return found if found is not None else self.other(value, depth)

    def numbered(self, value: object, write: Callable[[], list]) -> list:
        """Write a value that has an identity; a second time, refer to the first."""
        if id(value) in self.numbers:
            number = self.numbers[id(value)]
            if number is None:
                raise ValueError(f"a {type(value).__name__} that contains itself cannot cross")
            if self.sharing:
                return ["r", number]
        self.numbers[id(value)] = None
        try:
            written = write()
        except BaseException:
            del self.numbers[id(value)]
            raise
        self.numbers[id(value)] = len(self.objects)
        self.objects.append(value)
        return written

    def container(self, value, kind: type, depth: int) -> list | None:
        """A container or another value of the standard library; None if it is neither."""
        if kind in SEQUENCES:
            return [SEQUENCES[kind], *[self.encode(one, depth) for one in value]]
        if kind in MAPPINGS:
            return [MAPPINGS[kind], *[self.encode(one, depth) for pair in value.items() for one in pair]]
        if kind is bytes or kind is bytearray:
            return ["b" if kind is bytes else "ba", self.buffer(value)]
        if kind is complex:
            return ["c", self.encode(value.real), self.encode(value.imag)]
        if kind is slice:
            return ["sl", *[self.encode(one, depth) for one in (value.start, value.stop, value.step)]]
        if kind is range:
            return ["rg", *[self.encode(one) for one in (value.start, value.stop, value.step)]]
        if kind is deque:
            return ["dq", value.maxlen, *[self.encode(one, depth) for one in value]]
        if value is Ellipsis:
            return ["e"]
        if kind is pathlib.PosixPath:
            return ["p", str(value)]
        return None

    def other(self, value: object, depth: int) -> list:
        """Tensors and arrays, tuples with names, and what the sides know."""
        found = self.array(value, depth)
        if found is not None:
            return found
        if tuple in type(value).__mro__:
            return ["t", *[self.encode(one, depth + 1) for one in tuple.__iter__(value)]]
        return self.export(value, self)

    def mark(self) -> tuple:
        """The state to go back to with `rollback`."""
        return len(self.buffers), self.size, len(self.tensors), len(self.objects), dict(self.numbers)

    def rollback(self, mark: tuple) -> None:
        """Forget what was written since `mark`."""
        buffers, self.size, tensors, objects, self.numbers = mark
        del self.buffers[buffers:], self.tensors[tensors:], self.originals[tensors:], self.objects[objects:]
        self.places = {key: place for key, place in self.places.items() if place < tensors}


class Decoder:
    """Reads the values of one message and believes nothing of it.

    Args:
        buffers: the raw parts.
        tensors: the decoded table.
        special: given a tag, its parts and this decoder, returns the value, or raises ProtocolError.
        sharing: whether references to earlier containers are allowed, as in `Encoder`.
    """

    def __init__(self, buffers: list, tensors: list, special: Callable, sharing: bool) -> None:
        self.buffers = buffers
        self.tensors = tensors
        self.special = special
        self.sharing = sharing
        self.objects: list = []
        self.nodes = 0

    def decode(self, value: object, depth: int = 0) -> object:
        """The value of a piece of JSON.

        Raises:
            ProtocolError: if no encoder writes that.
        """
        if type(value) is not list:
            return value
        self.nodes += 1
        if depth > DEPTH + MARGIN or self.nodes > 2 * NODES:
            raise ProtocolError(f"a value nested more than {DEPTH} deep, or of more than {NODES} parts")
        if not value or type(value[0]) is not str:
            raise ProtocolError("a list without a tag")
        tag, *parts = value
        if tag == "T":
            return self.tensors[self.index(parts, self.tensors)]
        try:
            found = self.built(tag, parts, depth + 1)
        except (TypeError, ValueError, OverflowError) as error:
            raise ProtocolError(f"a malformed value with the tag {tag[:10]!r}: {str(error)[:200]}") from None
        return found

    def built(self, tag: str, parts: list, depth: int) -> object:
        """A tagged value; Python's own errors stand for a malformed one."""
        if tag in READERS:
            return READERS[tag](self, parts)
        if tag in ("l", "t", "s", "fs", "sl", "rg"):
            items = [self.decode(one, depth) for one in parts]
            return self.number(tag, sequence(tag, items))
        if tag in ("d", "od", "ct"):
            return self.number("d", self.mapping(tag, parts, depth))
        if tag == "dq":
            maxlen, *items = parts
            return self.number("l", deque((self.decode(one, depth) for one in items), maxlen))
        return self.special(tag, parts, self)

    def number(self, tag: str, value: object) -> object:
        """Give a mutable value its number."""
        if self.sharing and tag in ("l", "s", "d", "ba", "N", "M", "G"):
            self.objects.append(value)
        return value

    def mapping(self, tag: str, parts: list, depth: int) -> dict:
        """A dict of one of three kinds."""
        items = [self.decode(one, depth) for one in parts]
        made = {"d": dict, "od": OrderedDict, "ct": Counter}[tag]()
        for key, one in zip(items[::2], items[1::2], strict=True):
            made[key] = one
        if 2 * len(made) != len(items):
            raise ProtocolError("a dict with a key twice")
        return made

    def index(self, parts: list, table: list) -> int:
        """The one part as an index into a table."""
        if len(parts) != 1 or type(parts[0]) is not int or not 0 <= parts[0] < len(table):
            raise ProtocolError("a reference to something that is not there")
        return parts[0]

    def buffer(self, parts: list) -> memoryview:
        """The buffer that the one part names."""
        return self.buffers[self.index(parts, self.buffers)]

    def reference(self, parts: list) -> object:
        """A container that came before."""
        if not self.sharing:
            raise ProtocolError("a reference where none is allowed")
        return self.objects[self.index(parts, self.objects)]


def sequence(tag: str, items: list) -> object:
    """A list, tuple, set, slice or range of decoded items."""
    if tag == "l":
        return items
    if tag == "rg" and any(type(one) is not int for one in items):
        raise ProtocolError("a range of something else than ints")
    if tag in ("sl", "rg"):
        if len(items) != 3:
            raise ProtocolError("a slice or range without its three parts")
        return slice(*items) if tag == "sl" else range(*items)
    made = {"t": tuple, "s": set, "fs": frozenset}[tag](items)
    if len(made) != len(items):
        raise ProtocolError("a set with an element twice")
    return made


def real(part: object) -> float:
    """A float, also one that JSON lacks."""
    if type(part) is list and len(part) == 2 and part[0] == "f" and part[1] in ("nan", "inf", "-inf"):
        return float(part[1])
    if type(part) is not float:
        raise ProtocolError("a part of a complex number that is no float")
    return part


def whole(digits: object) -> int:
    """An int from its hexadecimal digits, of any length."""
    if type(digits) is not str:
        raise ProtocolError("an int that is not written as text")
    return int(digits, 16)


READERS = {
    "i": lambda decoder, parts: whole(*parts),
    "f": lambda decoder, parts: real(["f", *parts]),
    "c": lambda decoder, parts: complex(*map(real, parts_of(parts, 2))),
    "b": lambda decoder, parts: bytes(decoder.buffer(parts)),
    "ba": lambda decoder, parts: decoder.number("ba", bytearray(decoder.buffer(parts))),
    "e": lambda decoder, parts: Ellipsis,
    "p": lambda decoder, parts: pathlib.PosixPath(*parts_of(parts, 1)),
    "r": lambda decoder, parts: decoder.reference(parts),
    "N": lambda decoder, parts: decoder.number("N", decode_array(decoder, parts)),
    "n": lambda decoder, parts: decode_scalar(decoder, parts),
    "z": lambda decoder, parts: decode_torch("z", parts),
    "dt": lambda decoder, parts: decode_torch("dt", parts),
    "dv": lambda decoder, parts: decode_torch("dv", parts),
}
