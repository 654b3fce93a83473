"""Tensors that both processes keep: parameters, buffers, leaves with gradients.

Each side remembers what it last sent or got; what differs now was changed here and is sent with the next message.
The content decides, not the version counter: `p.data -= step` does not count.

A record is [number, flags, content, gradient]: content is an index into the table of tensors, or None where it did
not change; gradient is an index, None for no gradient, False where it did not change.
"""

import sys
from collections.abc import Callable

from proctor.remote.arrays import COMPLEX, FLOATING, PARAMETER, REQUIRES_GRAD
from proctor.remote.errors import ProtocolError

FLAGS = {0, REQUIRES_GRAD, PARAMETER, REQUIRES_GRAD | PARAMETER}


class Live:
    """One tensor and what the other side knows of it.

    Args:
        get: returns the tensor, or None once it is gone.
    """

    def __init__(self, get: Callable) -> None:
        self.get = get
        self.content = None
        self.grad = None
        self.requires_grad = False

    def remember(self, tensor) -> None:
        """Note that the other side knows the tensor as it is."""
        self.content = tensor.detach().clone()
        self.grad = None if tensor.grad is None else tensor.grad.detach().clone()
        self.requires_grad = tensor.requires_grad


class LiveTensors:
    """The kept tensors of one side, by number."""

    def __init__(self) -> None:
        self.entries: dict[int, Live] = {}
        self.numbers: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self.entries)

    def add(self, number: int, tensor, get: Callable) -> Live:
        """Keep a tensor under a number."""
        self.numbers[id(tensor)] = number
        self.entries[number] = Live(get)
        return self.entries[number]

    def drop(self, number: int) -> None:
        """Keep a tensor no longer; unknown numbers are passed over."""
        self.entries.pop(number, None)
        self.numbers = {key: one for key, one in self.numbers.items() if one != number}

    def number_of(self, tensor) -> int | None:
        """The number of a kept tensor; None for others."""
        number = self.numbers.get(id(tensor))
        return number if number is not None and self.entries[number].get() is tensor else None

    def changes(self, encoder) -> list:
        """Records of what changed since the last message; noted as known."""
        records = []
        for number, live in self.entries.items():
            tensor = live.get()
            if tensor is None:
                continue
            content, grad = not same(tensor, live.content), not same(tensor.grad, live.grad)
            if content or grad or tensor.requires_grad != live.requires_grad:
                records.append(record(number, tensor, content, grad, encoder))
                live.remember(tensor)
        return records


def same(a, b) -> bool:
    """Whether two tensors, or None, have the same type, shape and numbers; NaN differs from itself."""
    if a is None or b is None:
        return a is b
    torch = sys.modules["torch"]
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    try:
        return torch.equal(a.detach(), b)
    except RuntimeError:  # dtypes without comparison, such as float8
        return a.numel() == 0 or torch.equal(
            a.detach().contiguous().view(torch.uint8), b.contiguous().view(torch.uint8)
        )


def record(number: int, tensor, content: bool, grad: bool, encoder) -> list:
    """What the other side must hear of a tensor; its numbers are written to the encoder's table."""
    torch = sys.modules["torch"]
    flags = REQUIRES_GRAD * tensor.requires_grad | PARAMETER * isinstance(tensor, torch.nn.Parameter)
    gradient: object = False
    if grad:
        gradient = None if tensor.grad is None else encoder.tensor(tensor.grad.detach())
    return [number, flags, encoder.tensor(tensor.detach()) if content else None, gradient]


def check(one: object, tensors: list) -> None:
    """Whether a record has the right form.

    Raises:
        ProtocolError: if not.
    """
    if type(one) is not list or len(one) != 4 or type(one[0]) is not int or type(one[1]) is not int:
        raise ProtocolError("a record of a tensor without its four parts")
    for place in one[2:]:
        missing = type(place) is int and not 0 <= place < len(tensors)
        if missing or not (place is None or place is False or type(place) is int):
            raise ProtocolError("a record that refers to a tensor that is not there")
    if one[1] not in FLAGS or one[2] is False:
        raise ProtocolError("a record of a tensor with the wrong flags")


def created(one: list, tensors: list):
    """The tensor that a checked record brings for the first time."""
    torch = sys.modules["torch"]
    if one[2] is None:
        raise ProtocolError("the first record of a tensor must bring its content")
    with torch.inference_mode(False):
        content = tensors[one[2]].clone()
        allowed = differentiable(content) or not one[1] & REQUIRES_GRAD
        if not allowed:
            raise ProtocolError(f"a tensor of dtype {content.dtype} cannot require a gradient")
        if one[1] & PARAMETER:
            return torch.nn.Parameter(content, requires_grad=False)
        return content


def update(tensor, one: list, tensors: list) -> None:
    """Bring a tensor to the state of a checked record.

    Raises:
        ProtocolError: if the record does not fit the tensor.
    """
    torch = sys.modules["torch"]
    with torch.inference_mode(tensor.is_inference()), torch.no_grad():
        if one[2] is not None:
            put(tensor, tensors[one[2]])
        wanted = bool(one[1] & REQUIRES_GRAD)
        if tensor.requires_grad != wanted:
            if not tensor.is_leaf or (wanted and not differentiable(tensor)):
                raise ProtocolError(f"a tensor of dtype {tensor.dtype} cannot change whether it requires a gradient")
            tensor.requires_grad_(wanted)
        if one[3] is not False:
            grad = None if one[3] is None else tensors[one[3]].clone()
            if grad is not None and (grad.shape != tensor.shape or grad.dtype != tensor.dtype or not tensor.is_leaf):
                raise ProtocolError(f"a gradient of shape {tuple(grad.shape)} for a tensor of {tuple(tensor.shape)}")
            tensor.grad = grad


def put(tensor, content) -> None:
    """Change a tensor's numbers in place, whatever their number; values of `.data` for autograd."""
    if tensor.shape == content.shape and tensor.dtype == content.dtype:
        tensor.copy_(content)
    else:
        tensor.data = content.clone()


def differentiable(tensor) -> bool:
    """Whether a tensor's dtype can require a gradient."""
    return str(tensor.dtype).removeprefix("torch.") in FLOATING | COMPLEX
