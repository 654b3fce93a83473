"""Values: what goes in comes out, of the same type; what is malformed is refused."""

import math
import pathlib
import random
import string
from collections import Counter, OrderedDict, deque, namedtuple

import numpy as np
import pytest
import torch

from proctor.remote.arrays import DTYPES, decode_tensors
from proctor.remote.errors import ProtocolError
from proctor.remote.values import Decoder, Encoder
from proctor.remote.wire import LIMIT, PREFIX, Frame, encode, framed, unpacked

Point = namedtuple("Point", "x y")


def refuse(value, encoder):
    raise TypeError(f"cannot cross: {type(value).__name__}")


def malformed(tag, parts, decoder):
    raise ProtocolError(tag)


def crossed(value, sharing=False):
    """A value after the journey."""
    encoder = Encoder(refuse, sharing)
    message = [encoder.encode(value), encoder.tensors]
    frame = b"".join(framed(encode(message).encode(), [memoryview(one).cast("B") for one in encoder.buffers]))
    json_size, buffers, size = PREFIX.unpack(frame[: PREFIX.size])
    read = Frame(size, json_size, buffers)
    read.bytes[:] = frame[PREFIX.size :]
    (written, table), parts = unpacked(read)
    return Decoder(parts, decode_tensors(table, parts), malformed, sharing).decode(written)


def same(a, b):
    """Whether two values are equal in type and content, NaN and the sign of zero included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, torch.Tensor):
        bits = [one.contiguous().reshape(-1).view(torch.uint8) if one.numel() else one for one in (a, b)]
        return a.shape == b.shape and a.dtype == b.dtype and torch.equal(*bits)
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a.items(), b.items(), strict=True))
    if isinstance(a, list | tuple | deque):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, 0, -1, 2**63, -(2**63), 10**5000, -(10**5000)),
        *(0.0, -0.0, 1.5, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan),
        *(1j, complex(-0.0, math.inf), complex(math.nan, 2)),
        *("", "é ☃ \0", "\ud800", "x" * 100_000, b"", b"\0\xff", bytearray(b"ab")),
        *([], (), {}, set(), frozenset(), [1, [2, (3, None)]], {1, "a", (2, 3)}, frozenset({1.5})),
        *({1: 2, "1": 3, (1, 2): [4], None: {}, b"k": True, -0.0: 1}, {2: {}, 1: {}}),
        *(slice(None), slice(1, None, -2), range(0), range(5, -5, -2), range(10**20), ...),
        *(OrderedDict(b=1, a=2), Counter("aab"), deque([1, 2], 3), deque()),
        *(pathlib.PosixPath("/a/b"), torch.Size([2, 0]), torch.float32, torch.bfloat16),
        *(torch.device("cpu"), torch.device("cuda:1")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_plain(value):
    assert same(crossed(value), value)


def test_a_named_tuple_arrives_as_a_tuple():
    assert same(crossed(Point(1, 2)), (1, 2))
    assert same(crossed(torch.tensor([[1, 2]]).max(1)), (torch.tensor([2]), torch.tensor([1])))


@pytest.mark.parametrize("name", sorted(DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)])
def test_tensor_dtypes(name, shape):
    dtype = getattr(torch, name)
    raw = torch.randint(0, 2 if name == "bool" else 100, (math.prod(shape) * dtype.itemsize,), dtype=torch.uint8)
    tensor = raw.view(dtype).reshape(shape) if raw.numel() else torch.empty(shape, dtype=dtype)
    assert same(crossed(tensor), tensor)


def test_tensors_of_other_layouts():
    x = torch.arange(24.0).reshape(2, 3, 4)
    for one in (x.transpose(0, 2), x[:, ::2], x[..., 1], x.expand(2, 2, 3, 4), torch.tensor([1 + 2j]).conj()):
        assert torch.equal(crossed(one), one)
    assert type(crossed(x.as_subclass(type("Sub", (torch.Tensor,), {})))) is torch.Tensor


@pytest.mark.parametrize("tensor", [torch.eye(2).to_sparse(), torch.empty(2, device="meta")], ids=["sparse", "meta"])
def test_tensors_that_cannot(tensor):
    with pytest.raises(TypeError, match="cannot cross between test and student; make it an ordinary one"):
        crossed(tensor)


@pytest.mark.parametrize("dtype", ["?", "u1", "<i2", ">i4", "<f2", "<f8", ">f8", "<c8", "<c16", "<U3", "S2", "<f16"])
def test_array_dtypes(dtype):
    for shape in [(), (0,), (3,), (2, 0), (2, 2)]:
        array = np.zeros(shape, dtype) if "U" in dtype or "S" in dtype else np.ones(shape).astype(dtype)
        assert same(crossed(array), array)
    scalar = np.ones(1).astype(dtype)[0]
    assert same(crossed(scalar), scalar)


def test_arrays_of_other_layouts():
    x = np.arange(12).reshape(3, 4)
    for one in (x.T, x[:, ::2], x[::-1], np.broadcast_to(x, (2, 3, 4))):
        assert np.array_equal(crossed(one), one)
    frozen = np.ones(2)
    frozen.flags.writeable = False
    assert not crossed(frozen).flags.writeable
    with pytest.raises(TypeError):
        crossed(np.array([object()]))


def random_value(draw: random.Random, depth: int):
    """A random nested value."""
    leaves = [
        lambda: draw.choice([None, True, False, math.nan, math.inf, -0.0, "", b"", ...]),
        lambda: draw.randint(-(2 ** draw.randint(1, 200)), 2**70),
        lambda: draw.uniform(-1e9, 1e9),
        lambda: "".join(draw.choices(string.printable + "é☃", k=draw.randint(0, 9))),
        lambda: torch.randn(draw.choices([0, 1, 3], k=draw.randint(0, 3))).to(draw.choice([torch.half, torch.int8])),
        lambda: np.ones(draw.choices([0, 2], k=draw.randint(0, 2)), draw.choice(["f4", "i8", "?"])),
    ]
    if depth == 0 or draw.random() < 0.3:
        return draw.choice(leaves)()
    items = [random_value(draw, depth - 1) for _ in range(draw.randint(0, 4))]
    keys = [draw.choice([i, str(i), (i, None), float(i)]) for i in range(len(items))]
    return draw.choice([list, tuple, deque, lambda x: dict(zip(keys, x, strict=True)), lambda x: set(keys)])(items)


@pytest.mark.parametrize("seed", range(60))
def test_random_values(seed):
    value = random_value(random.Random(seed), 6)
    assert same(crossed(value, sharing=bool(seed % 2)), value)


def test_one_object_twice():
    inner, x = [1], torch.ones(2)
    a, b, c, d = crossed([inner, inner, x, x], sharing=True)
    assert a is b
    assert c is d
    a, b, *_ = crossed([inner, inner], sharing=False)
    assert a == b == [1]
    assert a is not b


def test_too_deep_or_without_end():
    value: list = []
    for _ in range(41):
        value = [value]
    with pytest.raises(ValueError, match="nested more than 40 deep"):
        crossed(value)
    crossed(value[0])
    value = []
    value.append({"again": value})
    with pytest.raises(ValueError, match="a list that contains itself"):
        crossed(value)


def test_too_large():
    with pytest.raises(ValueError, match=f"at most {LIMIT >> 20} MiB can; use smaller values"):
        crossed(torch.empty(LIMIT + 1, dtype=torch.uint8))


@pytest.mark.parametrize(
    "kind", [type("Int", (int,), {}), type("Float", (float,), {}), type("Str", (str,), {}), type("List", (list,), {})]
)
def test_subclasses_are_not_plain(kind):
    with pytest.raises(TypeError, match="cannot cross"):
        crossed(kind())


@pytest.mark.parametrize(
    "written",
    [
        [], [1], [None], ["?"], ["T"], ["T", 0], ["T", -1], ["T", True], ["T", "0"], ["i"], ["i", 3], ["i", "0xg"],
        ["f", "1e999"], ["f", ["nan"]], ["f"], ["c", 1.0], ["c", "a", "b"], ["b", 9], ["b", -1], ["b", True], ["b"],
        ["d", 1], ["d", 1, 2, 1, 3], ["d", ["l"], 1], ["od", 1, 1, 1, 1], ["s", 1, 1], ["s", ["l"]], ["fs", 1, True],
        ["sl", 1], ["rg", 1, 2, 0], ["rg", 1.5, 2, 1], ["rg", 1], ["r", 0], ["p", 3], ["p"], ["dq", -2], ["dq", "x"],
        ["dt", "nn"], ["dt", "Tensor"], ["dt", 3], ["dv", "disk"], ["dv", ["cpu"]], ["z", "a"], ["z", 1.5],
        ["N", "<f8", [1], 0, True], ["N", "<f4", [2], 0, True], ["N", "O", [1], 0, True], ["N", "<f3", [1], 0, True],
        ["N", "<f4", [-1], 0, True], ["N", "<f4", [True], 0, True], ["N", "<f4", 1, 0, True], ["N", "<f4", [1], 1, 1],
        ["N", "<U1", [1], 1, True], ["N", "f4,f4", [1], 0, True], ["N", "<M8[s]", [1], 0, 1], ["n", "<f8", 0], ["n"],
    ],
    ids=str,
)  # fmt: skip
def test_malformed(written):
    with pytest.raises(ProtocolError):
        Decoder([memoryview(bytes(4)), memoryview(b"\xff" * 4)], [], malformed, sharing=False).decode(written)


def test_malformed_depth():
    written: list = ["l"]
    for _ in range(60):
        written = ["l", written]
    with pytest.raises(ProtocolError, match="nested more than"):
        Decoder([], [], malformed, sharing=False).decode(written)


@pytest.mark.parametrize(
    "line",
    [
        None, [], ["float32", [1], 0, 0], ["float32", [2], 0, 0, None], ["float32", [1], 1, 0, None],
        ["float32", [1], 0, 99, None], ["float32", [1], 0, "0", None], ["float32", [1], True, 0, None],
        ["float32", [-1, -1], 0, 0, None], ["float32", [1.0], 0, 0, None], ["float32", "1", 0, 0, None],
        ["nn", [1], 0, 0, None], [["float32"], [1], 0, 0, None], ["qint8", [4], 0, 0, None],
        ["int32", [1], 0, 1, None], ["float32", [1] * 65, 0, 0, None], ["float32", [1], 0, 0, "x"],
        ["float32", [0, 1 << 30, 1 << 30, 1 << 30], 2, 0, None], ["float32", [1 << 40, 0], 2, 0, None],
    ],
    ids=str,
)  # fmt: skip
def test_malformed_tensor(line):
    with pytest.raises(ProtocolError):
        decode_tensors([line], [memoryview(bytearray(4)), memoryview(bytearray(3)), memoryview(bytearray())])


def test_bools_are_bools():
    """A byte that is neither 0 nor 1 would be a bool that is neither true nor false."""
    buffers = [memoryview(bytearray([0, 1, 2, 255]))]
    (tensor,) = decode_tensors([["bool", [4], 0, 0, None]], buffers)
    assert tensor.view(torch.uint8).tolist() == [0, 1, 1, 1]
    array = Decoder(buffers, [], malformed, sharing=False).decode(["N", "|b1", [4], 0, True])
    assert array.view(np.uint8).tolist() == [0, 1, 1, 1]
