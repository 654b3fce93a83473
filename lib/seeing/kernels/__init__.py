"""Fast twins of the hot ops: `cpu` (numba) and `gpu` (Triton), each equal to the plain torch op that it stands in for.

A caller never chooses. The op in `seeing.ops` or `seeing.metrics` checks its input, asks `backend` who may serve it,
and falls back to its own readable torch code.
"""

from __future__ import annotations

import contextlib
import contextvars
import importlib.util
from collections.abc import Iterator
from functools import cache
from typing import Literal

import torch
from torch import Tensor

Backend = Literal["torch", "numba", "triton"]

_only_reference = contextvars.ContextVar("seeing_only_reference", default=False)


def backend(*tensors: Tensor, differentiable: bool = False) -> Backend:
    """Who may serve these tensors: "numba" on the CPU, "triton" on CUDA, "torch" (the readable op) everywhere else.

    The twins work on plain dense tensors only. So the readable op also serves whatever traces or transforms a
    program (`torch.compile`, `torch.func`), tensor subclasses, and a missing compiler.

    Args:
        tensors: all inputs of the op.
        differentiable: whether the twins bring their own backward pass. If not, the readable op serves inputs whose
            gradient is wanted.
    """
    # A traced program cannot read what `reference` has set, so it is asked for first.
    if torch.compiler.is_compiling() or _only_reference.get() or torch._C._functorch.peek_interpreter_stack():
        return "torch"
    if not differentiable and torch.is_grad_enabled() and any(t.requires_grad for t in tensors):
        return "torch"
    if not all(_is_plain(t) for t in tensors):
        return "torch"
    kind = tensors[0].device.type
    if kind == "cpu" and _installed("numba"):
        return "numba"
    if kind == "cuda" and _installed("triton"):
        return "triton"
    return "torch"


def torch_may_serve() -> bool:
    """Whether an op whose code is a lesson may hand its work to torch's own op: everywhere but inside `reference`."""
    return torch.compiler.is_compiling() or not _only_reference.get()


@contextlib.contextmanager
def reference() -> Iterator[None]:
    """Inside this block the readable torch ops serve every call: for lessons, and to compare a twin with them."""
    token = _only_reference.set(True)
    try:
        yield
    finally:
        _only_reference.reset(token)


def _is_plain(tensor: Tensor) -> bool:
    known = type(tensor) is Tensor or type(tensor) is torch.nn.Parameter
    return known and tensor.layout is torch.strided and not tensor.is_neg() and not tensor.is_conj()


@cache
def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
