"""A trained model in one small file: what it is, how it was built, and its parameters."""

from __future__ import annotations

import inspect
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seeing.models.state import load_state
from seeing.whole_file import whole_file

HALF_ROUNDING = 2.0**-11  # the most that float16 changes a number of its normal range, relative to it


def save(model: nn.Module, path: str | os.PathLike, arguments: Mapping[str, Any], **about: Any) -> None:
    """Write a model so that `load` builds it again.

    Parameters and buffers are kept as float16, half the size, wherever that is no more than its usual rounding (one
    part in 2048); what does not fit is kept in float32, or as it is where that does not hold it either. So 65504 is
    float16's last number and 65520, which would become infinity, stays float32; and so do numbers too small for it:
    of a vector (a bias, a running variance) any of its elements, of a larger tensor, whose smallest weights do not
    count, those that are lost beside its largest. Infinity and NaN come back as they are, and so do whole numbers.

    What `load` could not read is refused now, while the model is still there.

    Args:
        model: of a class of `seeing.models`; not in a wrapper such as DataParallel.
        path: of the file; it appears whole or not at all.
        arguments: with which the class was called.
        about: what else is worth knowing (numbers, strings, and lists, tuples and dictionaries of them): the seed, the
            score, the command. numpy's numbers are kept as Python's.

    Raises:
        ValueError: if the model is of another class, which cannot be called with these arguments; if an argument or
            what is worth knowing is of a type that cannot be read back without executing code.
    """
    kind = _class(type(model).__name__)
    if kind is not type(model):
        raise ValueError(f"a model of a class of seeing.models was expected; got a {type(model).__name__}")
    arguments = {name: _plain(name, value) for name, value in arguments.items()}
    _bind(kind, arguments)
    about = {name: _plain(name, value) for name, value in about.items()}
    state = {name: smallest(value) for name, value in model.state_dict().items()}
    kept = {"model": kind.__name__, "arguments": arguments, "about": about, "state": state}
    with whole_file(path) as unfinished:
        torch.save(kept, unfinished)


def _class(name: str) -> type[nn.Module] | None:
    """The class of models of a name; None if there is none."""
    from seeing import models

    kind = getattr(models, name, None) if name in models.__all__ else None
    return kind if inspect.isclass(kind) and issubclass(kind, nn.Module) else None


def _bind(kind: type[nn.Module], arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that a class does not take, without calling it."""
    try:
        inspect.signature(kind).bind(**arguments)
    except TypeError as error:
        raise ValueError(f"{kind.__name__} cannot be called with {_written(arguments) or 'nothing'}: {error}") from None


def _plain(name: str, value: Any) -> Any:
    """A value that `read` gives back; numpy's numbers as Python's."""
    if isinstance(value, np.generic):
        return _plain(name, value.item())
    if type(value) in (list, tuple):
        return type(value)(_plain(name, part) for part in value)
    if type(value) is dict:
        return {_plain(name, key): _plain(name, part) for key, part in value.items()}
    if value is None or type(value) in (bool, int, float, complex, str):
        return value
    buffer = io.BytesIO()
    try:
        torch.save(value, buffer)
        buffer.seek(0)
        torch.load(buffer, weights_only=True)
    except Exception:  # pickle's errors are of many kinds
        raise ValueError(
            f"{name} holds a {type(value).__name__}, which cannot be read back without executing code: give a number, "
            "a string, or a list, tuple or dictionary of them"
        ) from None
    return value


def smallest(value: Tensor) -> Tensor:
    """A tensor in the smallest type that holds its values, as `save` has it: float16, float32, or its own."""
    if not value.is_floating_point():
        return value
    for dtype in (torch.float16, torch.float32):
        if dtype.itemsize < value.dtype.itemsize and _holds(dtype, value):
            return value.to(dtype)
    # bfloat16 is as large as float16, and reaches further: it is changed for nothing, so it stays.
    return value


def _holds(dtype: torch.dtype, value: Tensor) -> bool:
    """Whether rounding to a type loses no more of any number than HALF_ROUNDING."""
    exact = value.detach().double()
    rounded = value.detach().to(dtype).double()
    finite = exact.isfinite()
    exact, lost = exact[finite].abs(), (rounded - exact)[finite].abs()
    if value.dim() > 1 and exact.numel():
        exact = exact.max()
    return bool((lost <= HALF_ROUNDING * exact).all())


def load(path: str | os.PathLike, device: torch.device | str = "cpu", **changed: Any) -> nn.Module:
    """Build the model that a file holds, ready to be used (in evaluation mode).

    Args:
        path: a file that `save` wrote.
        device: where the model is to live.
        changed: arguments of the class to replace, such as another dropout.

    Raises:
        ValueError: if the file is not such a checkpoint, or is damaged; if the class does not take the arguments, or
            the parameters do not fit the changed ones.
        FileNotFoundError: if there is no such file.
    """
    kept = read(path)
    name = kept["model"]
    kind = _class(name)
    if kind is None:
        raise ValueError(f"{path} holds a model {name!r} that seeing.models does not know")
    arguments = {**kept["arguments"], **changed}
    try:
        _bind(kind, arguments)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    model = kind(**arguments)
    try:
        load_state(model, kept["state"])
    except ValueError as error:
        raise ValueError(f"{path} was made by {name}({_written(kept['arguments'])}): {error}") from None
    return model.to(device).eval()


def read(path: str | os.PathLike) -> dict[str, Any]:
    """What a checkpoint file holds: "model", "arguments", "about", "state". Nothing in it is executed.

    Raises:
        ValueError: if the file is not a checkpoint of this library, or is damaged.
        FileNotFoundError: if there is no such file.
    """
    content = Path(path).read_bytes()
    try:
        _check_sums(content)
        kept = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # what a damaged file raises depends on where it is damaged
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ValueError(f"{path} is not a readable checkpoint: {reason}") from None
    if not _is_checkpoint(kept):
        raise ValueError(f"{path} is not a checkpoint of this library: it was not written by checkpoint.save")
    return kept


def _check_sums(content: bytes) -> None:
    """Refuse damage that PyTorch does not notice: it reads changed numbers without comparing their sums."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return  # no file of today's PyTorch: it says what it is
    with archive:
        damaged = archive.testzip()
    if damaged is not None:
        raise ValueError(f"its part {damaged} is damaged: copy or download it again")


def _is_checkpoint(kept: Any) -> bool:
    parts = {"model": str, "arguments": dict, "about": dict, "state": Mapping}
    if not isinstance(kept, dict) or not all(isinstance(kept.get(name), kind) for name, kind in parts.items()):
        return False
    texts = all(isinstance(name, str) for name in kept["arguments"])
    return texts and all(isinstance(value, Tensor) for value in kept["state"].values())


def _written(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())
