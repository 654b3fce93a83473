"""A trained model in one small file: what it is, how it was built, and its parameters."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


def save(model: nn.Module, path: str | os.PathLike, arguments: Mapping[str, Any], **about: Any) -> None:
    """Write a model so that `load` builds it again.

    The parameters are kept as float16: half the size, and rounding that no metric of the book can see.

    Args:
        model: of a class of `seeing.models`.
        path: of the file; it appears whole or not at all.
        arguments: with which the class was called.
        about: what else is worth knowing (numbers, strings): the seed, the score, the command.
    """
    state = {name: value.half() if value.is_floating_point() else value for name, value in model.state_dict().items()}
    kept = {"model": type(model).__name__, "arguments": dict(arguments), "about": about, "state": state}
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    torch.save(kept, unfinished)
    unfinished.replace(path)


def load(path: str | os.PathLike, device: torch.device | str = "cpu", **changed: Any) -> nn.Module:
    """Build the model that a file holds, ready to be used (in evaluation mode).

    Args:
        path: a file that `save` wrote.
        device: where the model is to live.
        changed: arguments of the class to replace, such as another dropout.

    Raises:
        ValueError: if the file is not such a checkpoint, or its parameters do not fit the changed arguments.
        FileNotFoundError: if there is no such file.
    """
    from seeing import models

    kept = read(path)
    name = kept["model"]
    kind = getattr(models, name, None) if name in models.__all__ else None
    if not (inspect.isclass(kind) and issubclass(kind, nn.Module)):
        raise ValueError(f"{path} holds a model {name!r} that seeing.models does not know")
    model = kind(**{**kept["arguments"], **changed})
    try:
        load_state(model, kept["state"])
    except ValueError as error:
        raise ValueError(f"{path} was made by {name}({_written(kept['arguments'])}): {error}") from None
    return model.to(device).eval()


def read(path: str | os.PathLike) -> dict[str, Any]:
    """What a checkpoint file holds: "model", "arguments", "about", "state". Nothing in it is executed.

    Raises:
        ValueError: if the file is not a checkpoint of this library.
        FileNotFoundError: if there is no such file.
    """
    try:
        kept = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # what a damaged file raises depends on where it is damaged
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ValueError(f"{path} is not a readable checkpoint: {reason}") from None
    if not isinstance(kept, dict) or not {"model", "arguments", "about", "state"} <= kept.keys():
        raise ValueError(f"{path} is not a checkpoint of this library: it was not written by checkpoint.save")
    return kept


def load_state(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy parameters into a model, all or none.

    Raises:
        ValueError: if a name is missing or unknown, or a shape differs; says which first, and what it may mean.
    """
    own = model.state_dict()
    missing, unknown = [n for n in own if n not in state], [n for n in state if n not in own]
    if missing or unknown:
        raise ValueError(
            f"the parameters are those of another model: {len(missing)} missing {missing[:3]}, "
            f"{len(unknown)} unknown {unknown[:3]}"
        )
    for name, value in state.items():
        if value.shape != own[name].shape:
            raise ValueError(
                f"{name} is {tuple(value.shape)} in the checkpoint and {tuple(own[name].shape)} in this model: was it "
                "trained with another width, depth or number of classes?"
            )
    model.load_state_dict({name: value.to(own[name].dtype) for name, value in state.items()})


def _written(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())
