"""Outputs of a lower precision, brought back to float32 before the loss is taken of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from torch import Tensor


def as_float32(outputs: Any) -> Any:
    """The same structure, its floating tensors in float32.

    Args:
        outputs: a tensor; or a NamedTuple, tuple, list, mapping or dataclass of outputs, nested as deep as one likes.
            Anything else in it (whole numbers, bool, None, strings) stays what it is.

    Returns:
        A new structure of the same types; a mapping that is no dict becomes one. Gradients flow.
    """
    if isinstance(outputs, Tensor):
        return outputs.float() if outputs.is_floating_point() else outputs
    if isinstance(outputs, tuple) and hasattr(outputs, "_fields"):
        return type(outputs)(*map(as_float32, outputs))
    if isinstance(outputs, list | tuple):
        return type(outputs)(map(as_float32, outputs))
    if isinstance(outputs, Mapping):
        return {key: as_float32(value) for key, value in outputs.items()}
    if dataclasses.is_dataclass(outputs) and not isinstance(outputs, type):
        parts = (field.name for field in dataclasses.fields(outputs) if field.init)
        return dataclasses.replace(outputs, **{name: as_float32(getattr(outputs, name)) for name in parts})
    return outputs
