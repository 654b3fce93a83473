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


def values_can_be_read(*tensors: Tensor) -> bool:
    """False while a program is traced, transformed or recorded: a tensor then stands for values that come later."""
    if torch.compiler.is_compiling() or torch._C._functorch.peek_interpreter_stack():
        return False
    if any(type(t) not in (Tensor, torch.nn.Parameter) or t.is_meta for t in tensors):
        return False
    return not (any(t.is_cuda for t in tensors) and torch.cuda.is_current_stream_capturing())
