"""Tensors and arrays as raw buffers, and back: dtypes, shapes and lengths are checked before a byte is used."""

import importlib
import math
import re
import sys

from proctor.remote.errors import ProtocolError
from proctor.remote.wire import LIMIT

REQUIRES_GRAD, GRAPH, PARAMETER = 1, 2, 4  # flags of a tensor: a leaf's, another's, nn.Parameter
DIMENSIONS = 64
FLOATING = {"float16", "bfloat16", "float32", "float64"}
COMPLEX = {"complex64", "complex128"}
DTYPES = {
    *FLOATING,
    *COMPLEX,
    *("bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"),
    *("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"),
}
ARRAY_DTYPE = re.compile(r"[<>|=]?([biufcUS])\d{1,9}")


class EncodesArrays:
    """The part of an encoder that writes tensors, arrays and what belongs to them."""

    def __init__(self) -> None:
        self.buffers: list = []
        self.size = 0
        self.tensors: list = []
        self.originals: list = []
        self.places: dict[int, int] = {}
        self.tracked = None  # the side's own words for a tensor that both sides keep, or None

    def buffer(self, content) -> int:
        """Add a buffer.

        Raises:
            ValueError: if the message becomes too large.
        """
        self.size += memoryview(content).nbytes
        if self.size > LIMIT:
            raise ValueError(
                f"{self.size / 2**20:.0f} MiB cannot cross between test and student: at most {LIMIT >> 20} MiB can; "
                "use smaller values"
            )
        self.buffers.append(content)
        return len(self.buffers) - 1

    def array(self, value: object, depth: int) -> list | None:
        """A value of torch or numpy; None if it is of neither."""
        torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
        if torch is not None and torch.Tensor in type(value).__mro__:
            if type(value) not in (torch.Tensor, torch.nn.Parameter):
                value = ordinary(value)
            shared = self.tracked(value, self) if self.tracked else None
            return shared or ["T", self.tensor(value)]
        if numpy is not None and type(value) is numpy.ndarray and value.dtype.kind in "biufcUS":
            return self.numbered(value, lambda: self.numpy_array(value, numpy))
        if numpy is not None and numpy.generic in type(value).__mro__ and type(value).__module__ == "numpy":
            if value.dtype.kind in "biufcUS":
                return ["n", value.dtype.str, self.buffer(value.tobytes())]
            return None
        if torch is not None and type(value) is torch.Size:
            return ["z", *value]
        if torch is not None and type(value) is torch.dtype:
            return ["dt", str(value).removeprefix("torch.")]
        if torch is not None and type(value) is torch.device:
            return ["dv", str(value)]
        return None

    def numpy_array(self, value, numpy) -> list:
        """An array, contiguous."""
        content = numpy.ascontiguousarray(value).reshape(-1)
        raw = content.view(numpy.uint8) if content.nbytes else b""
        return ["N", value.dtype.str, list(value.shape), self.buffer(raw), value.flags.writeable]

    def tensor(self, value) -> int:
        """Write a tensor into the table.

        Args:
            value: any tensor of numbers, on any device.

        Returns:
            Its index.

        Raises:
            TypeError: if it is sparse, quantized or has no numbers of its own.
        """
        if id(value) in self.places:
            return self.places[id(value)]
        place = self.places[id(value)] = len(self.tensors)
        self.originals.append(value)
        self.tensors.append(None)
        try:
            self.tensors[place] = self.described(value)
        except BaseException:
            del self.tensors[place:], self.originals[place:], self.places[id(value)]
            raise
        return place

    def described(self, value) -> list:
        """A tensor's line in the table: dtype, shape, buffer, flags, the index of its gradient."""
        torch = sys.modules["torch"]
        flags = 0
        if value.requires_grad:
            flags = REQUIRES_GRAD if value.is_leaf else GRAPH
        if type(value) is torch.nn.Parameter:
            flags |= PARAMETER
        dtype = str(value.dtype).removeprefix("torch.")
        grad = value.grad if value.is_leaf else None
        return [
            dtype,
            list(value.shape),
            self.buffer(raw_bytes(value)),
            flags,
            None if grad is None else self.tensor(grad),
        ]


def ordinary(value):
    """A tensor of a subclass as a plain one in the same graph, without a word from the subclass."""
    torch = sys.modules["torch"]
    with torch._C.DisableTorchFunctionSubclass():
        return torch.Tensor.as_subclass(value, torch.Tensor)


def raw_bytes(value):
    """A tensor's bytes in row-major order, without a copy where it lies so.

    Raises:
        TypeError: if it has none.
    """
    torch = sys.modules["torch"]
    dtype = str(value.dtype).removeprefix("torch.")
    wrapped = torch._C._functorch.is_functorch_wrapped_tensor(value)
    if value.layout is not torch.strided or dtype not in DTYPES or value.device.type == "meta" or wrapped:
        raise TypeError(
            f"a tensor of layout {value.layout}, dtype {value.dtype} and device {value.device}"
            f"{' inside torch.func' if wrapped else ''} cannot cross between test and student; make it an ordinary one"
        )
    if not value.numel():
        return b""
    flat = value.detach().cpu().resolve_conj().resolve_neg().contiguous().view(-1)
    if flat.stride(0) != 1:  # one element of an expanded tensor counts as contiguous
        flat = flat.clone(memory_format=torch.contiguous_format)
    return flat.view(torch.uint8).numpy()


def decode_tensors(table: object, buffers: list, copy: bool = True) -> list:
    """The tensors of a message, plain and without gradients; `flags` tells what they were.

    Args:
        table: lines as `EncodesArrays.described` writes them.
        buffers: of the same message.
        copy: whether each gets memory of its own, or lies in its buffer.

    Raises:
        ProtocolError: if a line of the table does not fit its buffer.
    """
    if type(table) is not list:
        raise ProtocolError("a message without its table of tensors")
    if not table:
        return []
    return [decode_tensor(line, buffers, copy) for line in table]


def decode_tensor(line: object, buffers: list, copy: bool):
    """One tensor of the table."""
    torch = needed("torch")
    dtype, shape, buffer, flags, grad = parts_of(line, 5)
    if type(dtype) is not str or dtype not in DTYPES or not hasattr(torch, dtype):
        raise ProtocolError(f"a tensor of dtype {str(dtype)[:40]!r}")
    if type(flags) is not int or not 0 <= flags < 8 or not (grad is None or type(grad) is int):
        raise ProtocolError("a tensor with flags or a gradient of the wrong kind")
    if flags & (REQUIRES_GRAD | GRAPH) and dtype not in FLOATING | COMPLEX:
        raise ProtocolError(f"a tensor of dtype {dtype} cannot require a gradient")
    content = content_of(buffer, buffers, shape, getattr(torch, dtype).itemsize)
    if not content:
        return torch.empty(shape, dtype=getattr(torch, dtype))
    if dtype == "bool":  # another byte than 0 or 1 would be a bool that is neither
        return torch.frombuffer(content, dtype=torch.uint8).reshape(shape) != 0
    found = torch.frombuffer(content, dtype=getattr(torch, dtype)).reshape(shape)
    return found.clone() if copy else found


def decode_array(decoder, parts: list):
    """An array, with memory of its own."""
    numpy = needed("numpy")
    dtype, shape, buffer, writable = parts_of(parts, 4)
    if type(writable) is not bool:
        raise ProtocolError("an array that neither can nor cannot be written to")
    kind = array_dtype(numpy, dtype)
    content = content_of(buffer, decoder.buffers, shape, kind.itemsize)
    found = array_from(numpy, content, kind).reshape(shape)
    found.flags.writeable = writable
    return found


def decode_scalar(decoder, parts: list):
    """A numpy scalar."""
    numpy = needed("numpy")
    dtype, buffer = parts_of(parts, 2)
    kind = array_dtype(numpy, dtype)
    return array_from(numpy, content_of(buffer, decoder.buffers, [1], kind.itemsize), kind)[0]


def array_from(numpy, content, kind):
    """A flat array of a buffer's bytes."""
    if not len(content):
        return numpy.empty(0, kind)
    if kind.kind == "b":
        return numpy.frombuffer(content, numpy.uint8) != 0
    if kind.kind == "U" and (numpy.frombuffer(content, kind.str[0] + "u4") > 0x10FFFF).any():
        raise ProtocolError("an array of text with something that is no character")
    return numpy.frombuffer(content, kind).copy()


def array_dtype(numpy, dtype: object):
    """A checked array dtype."""
    if type(dtype) is not str or not ARRAY_DTYPE.fullmatch(dtype):
        raise ProtocolError(f"an array of dtype {str(dtype)[:40]!r}")
    kind = numpy.dtype(dtype)
    if not kind.itemsize:
        raise ProtocolError("an array whose elements have no size")
    return kind


def content_of(buffer: object, buffers: list, shape: object, itemsize: int) -> memoryview:
    """The buffer with this index, if its length is what shape and itemsize ask for."""
    if type(buffer) is not int or not 0 <= buffer < len(buffers):
        raise ProtocolError("a reference to a buffer that is not there")
    if type(shape) is not list or len(shape) > DIMENSIONS:
        raise ProtocolError("a shape that is no list of at most 64 sizes")
    if any(type(size) is not int or not 0 <= size < 1 << 31 for size in shape):
        raise ProtocolError("a shape with a size that is none")
    if math.prod(shape) * itemsize != len(buffers[buffer]) or math.prod(max(size, 1) for size in shape) >= 1 << 60:
        raise ProtocolError(f"{len(buffers[buffer])} bytes for the shape {shape} of {itemsize}-byte elements")
    return buffers[buffer]


def decode_torch(tag: str, parts: list):
    """A torch.Size, dtype or device."""
    torch = needed("torch")
    if tag == "z":
        return torch.Size(parts)
    (name,) = parts
    found = torch.device(checked_device(name)) if tag == "dv" else getattr(torch, str(name), None)
    if tag == "dt" and type(found) is not torch.dtype:
        raise ProtocolError(f"torch has no dtype {str(name)[:40]!r}")
    return found


def checked_device(name: object) -> str:
    """A device's name, such as cpu or cuda:1."""
    if type(name) is not str or not re.fullmatch(r"(cpu|cuda|mps|meta|xpu)(:\d{1,3})?", name):
        raise ProtocolError(f"a device called {str(name)[:40]!r}")
    return name


def parts_of(parts: object, count: int) -> list:
    """The parts, if they are so many."""
    if type(parts) is not list or len(parts) != count:
        raise ProtocolError(f"expected {count} parts")
    return parts


def needed(name: str):
    """A module that a value asks for; for names that this package writes only."""
    try:
        return sys.modules.get(name) or importlib.import_module(name)
    except ImportError:
        raise ProtocolError(f"a value of {name}, which is not installed here") from None
