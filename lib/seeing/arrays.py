"""The door through which numbers come in: tensors as they are, and all else that holds numbers as a tensor or array.

The ops and metrics compute with tensors, and answer with tensors whatever came in. They take a tensor as it is, with
its device, type and gradient; and any array of numpy (of any byte order, strides or memory order, read-only or not),
a Series or DataFrame, or a nested list, as a tensor on the CPU. An array keeps its type: a list of fractions becomes
float64 as in numpy, long double float64, and the unsigned types that torch hardly knows become signed ones that hold
them. Numbers that are masked, missing, complex or no numbers at all are refused in words.

The group metrics of `seeing.fairness` compute with arrays, and take the same things and words besides.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any, ParamSpec, Protocol, TypeVar, overload

import numpy as np
import torch
from torch import Tensor

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result", covariant=True)


class TakesArrays(Protocol[Arguments, Result]):
    """A function of tensors behind `takes_arrays`: an editor shows its parameters, a type checker lets arrays pass."""

    __name__: str

    @overload
    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result: ...
    @overload
    def __call__(self, *args: Any, **kwargs: Any) -> Result: ...


SIGNED: dict[np.dtype, type[np.int32] | type[np.int64]] = {
    np.dtype("uint16"): np.int32,
    np.dtype("uint32"): np.int64,
    np.dtype("uint64"): np.int64,
}
"""What torch computes with in place of the unsigned types it only stores."""
PLAIN = {int, float, bool}


def as_tensor(values: Any, name: str = "values") -> Tensor:
    """Numbers as a tensor.

    Args:
        values: a tensor, which is returned as it is, or an array, Series or nested sequence of real numbers or bool.
            Where torch can, the tensor shares the array's memory: nothing in this library writes to its arguments.
        name: what an error calls them.

    Raises:
        ValueError: if they are not real numbers, some are masked, or rows differ in length.
    """
    if isinstance(values, Tensor):
        return values
    array = as_array(values, name)
    if array.dtype in SIGNED:
        if array.size and array.max() > np.iinfo(SIGNED[array.dtype]).max:
            raise ValueError(f"{name} must hold numbers under 2^63; got {array.max()}")
        array = array.astype(SIGNED[array.dtype])
    # Torch knows no negative strides, and warns of memory that it may not write to.
    return torch.from_numpy(np.require(array, requirements=("C", "A", "W")))


def as_tensors(values: Any, name: str = "values") -> Any:
    """One tensor or several: an array or a list of rows is one; other lists and mappings hold one an image or level.

    Raises:
        ValueError: as `as_tensor`.
    """
    if isinstance(values, Tensor):
        return values
    if isinstance(values, Mapping):
        return {key: as_tensor(value, f"{name}[{key!r}]") for key, value in values.items()}
    if isinstance(values, Sequence) and not isinstance(values, str | bytes):
        parts = [as_tensor(value, f"{name}[{place}]") for place, value in enumerate(values)]
        # Rows of one length are a table that is written out.
        written_out = all(
            part.dim() == 1 and part.numel() and part.shape == parts[0].shape and not isinstance(value, Tensor)
            for value, part in zip(values, parts, strict=True)
        )
        return torch.stack(parts) if parts and written_out else parts
    return as_tensor(values, name)


def as_array(values: Any, name: str = "values", *, words: bool = False) -> np.ndarray:
    """Numbers as a plain numpy array, in the machine's byte order and of a type that torch has too.

    Args:
        values: an array, tensor (brought to the CPU, without its gradient), Series or nested sequence.
        name: what an error calls them.
        words: whether text, dates and objects pass as well.

    Raises:
        ValueError: as `as_tensor`.
    """
    if isinstance(values, Tensor):
        return _of_tensor(values, name)
    if type(values) is not np.ndarray:
        values = _plain(values, name)
    kind = values.dtype.kind
    if kind not in "biuf" and not (words and kind != "c"):
        raise ValueError(f"{name} must be numbers; got {values.dtype}{_example(values)}")
    if kind == "f" and values.dtype.itemsize > 8:
        return values.astype(np.float64)
    return values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))


def takes_arrays(
    *names: str, each: Sequence[str] = ()
) -> Callable[[Callable[Arguments, Result]], TakesArrays[Arguments, Result]]:
    """Have a function of tensors take whatever `as_tensor` does.

    A tensor passes by for a fraction of a microsecond.

    Args:
        names: the parameters that are a tensor. None passes where it is the default.
        each: those that may be several tensors, read by `as_tensors`.
    """

    def decorate(function: Callable[Arguments, Result]) -> TakesArrays[Arguments, Result]:
        parameters = inspect.signature(function).parameters
        order = list(parameters)
        doors = [
            (order.index(name), name, as_tensors if name in each else as_tensor, parameters[name].default is None)
            for name in (*names, *each)
        ]
        places = [place for place, *_ in doors]

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Result:
            given = len(args)
            for place in places:  # the usual call, and the fast one: tensors by place
                if place >= given or type(args[place]) is not Tensor:
                    break
            else:
                return function(*args, **kwargs)
            for place, name, door, optional in doors:
                if place < given:
                    value = args[place]
                    if not (isinstance(value, Tensor) or (optional and value is None)):
                        args = (*args[:place], door(value, name), *args[place + 1 :])
                elif name in kwargs:
                    value = kwargs[name]
                    if not (isinstance(value, Tensor) or (optional and value is None)):
                        kwargs[name] = door(value, name)
            return function(*args, **kwargs)

        return call

    return decorate


def _of_tensor(values: Tensor, name: str) -> np.ndarray:
    if values.is_complex():
        raise ValueError(f"{name} must be real numbers; got {values.dtype}")
    values = values.detach().cpu()
    if values.layout is not torch.strided:
        values = values.to_dense()
    values = values.float() if values.dtype == torch.bfloat16 else values  # numpy has none
    return values.resolve_neg().numpy()


def _plain(values: Any, name: str) -> np.ndarray:
    """An array of what is none yet, or only in part."""
    if isinstance(values, np.ma.MaskedArray):
        if np.ma.is_masked(values):
            raise ValueError(
                f"{name} must not have masked entries; got {int(np.ma.count_masked(values))} of {values.size}: "
                "leave their rows out, or fill them in (numpy.ma.filled)"
            )
        return np.asarray(values.data)
    values = _readable(values, name) if isinstance(values, list | tuple) else values
    try:
        return np.asarray(values)
    except Exception:  # each kind of object has its own way to refuse
        got = "rows of different lengths" if isinstance(values, list | tuple) else type(values).__name__
        raise ValueError(f"{name} must be numbers in a table without gaps; got {got}") from None


def _readable(values: list | tuple, name: str) -> list | tuple:
    """A list whose parts numpy reads: it would lose a mask, and refuses a tensor with a gradient or on a device."""
    if all(type(value) in PLAIN for value in values):
        return values
    parts: list[object] = []
    for value in values:
        if isinstance(value, list | tuple):
            parts.append(_readable(value, name))
        elif isinstance(value, Tensor):
            parts.append(_of_tensor(value, name))
        else:
            parts.append(_plain(value, name) if isinstance(value, np.ma.MaskedArray) else value)
    return parts


def _example(values: np.ndarray) -> str:
    if values.dtype.kind != "O" or not values.size:
        return ""
    value = next((value for value in values.flat if not isinstance(value, Real)), values.flat[0])
    return f", such as {type(value).__name__}"
