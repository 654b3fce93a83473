"""Dataclasses of tensors, sliced and moved as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from torch import Tensor

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def each_tensor(record: Record, change: Callable[[Tensor], Tensor]) -> Record:
    """A copy of a dataclass in which every tensor is changed, in the dataclasses that it holds, too."""

    def changed(value: object) -> object:
        if isinstance(value, Tensor):
            return change(value)
        return each_tensor(value, change) if is_dataclass(value) and not isinstance(value, type) else value

    return replace(record, **{field.name: changed(getattr(record, field.name)) for field in fields(record)})
