"""What every op asks of its tensors."""

from __future__ import annotations

import torch
from torch import Tensor


def check_one_device(**tensors: Tensor) -> None:
    """Refuse tensors that do not live together.

    Raises:
        ValueError: if the devices differ; it names each tensor's.
    """
    if len({tensor.device for tensor in tensors.values()}) > 1:
        where = ", ".join(f"{name} on {tensor.device}" for name, tensor in tensors.items())
        raise ValueError(f"all tensors must be on one device; got {where}")


def check_one_type(**tensors: Tensor) -> None:
    """Refuse tensors of several types, or bool, where torch would stop in its own words. Autocast settles types itself.

    Raises:
        ValueError: naming each tensor's type.
    """
    types = {tensor.dtype for tensor in tensors.values()}
    if len(types) == 1 and torch.bool not in types:
        return
    if torch.bool in types or not any(torch.is_autocast_enabled(tensor.device.type) for tensor in tensors.values()):
        got = ", ".join(f"{name} {tensor.dtype}" for name, tensor in tensors.items())
        raise ValueError(f"all tensors must be numbers of one type; got {got}")


def check_broadcast(**tensors: Tensor) -> None:
    """Refuse two tensors whose dimensions, all but the last, do not broadcast.

    Raises:
        ValueError: naming both shapes.
    """
    one, other = (tuple(tensor.shape) for tensor in tensors.values())
    if any(m != n and 1 not in (m, n) for m, n in zip(one[-2::-1], other[-2::-1], strict=False)):
        names = " and ".join(tensors)
        raise ValueError(f"{names} must have leading dimensions that broadcast; got {one} and {other}")


def values_can_be_read(*tensors: Tensor) -> bool:
    """False while a program is traced, transformed or recorded: a tensor then stands for values that come later."""
    if torch.compiler.is_compiling() or torch._C._functorch.peek_interpreter_stack():
        return False
    if any(type(t) not in (Tensor, torch.nn.Parameter) or t.is_meta for t in tensors):
        return False
    return not (any(t.is_cuda for t in tensors) and torch.cuda.is_current_stream_capturing())
