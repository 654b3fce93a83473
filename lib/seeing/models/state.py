"""The parameters of a model by name: taken over all or none, and brought from other libraries' names."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn


def renamed(state: Mapping[str, Tensor], parts: Mapping[str, str]) -> dict[str, Tensor]:
    """A state whose names begin otherwise.

    Args:
        state: parameters by name.
        parts: beginnings of names, without the dot behind them, and what stands there instead; "" takes a part away.
            The longest that fits counts; a name that none fits stays as it is.

    Example:
        >>> list(renamed({"head.conv.weight": torch.ones(1), "body.bias": torch.ones(1)}, {"head": "tower"}))
        ['tower.conv.weight', 'body.bias']
    """
    by_length = sorted(parts, key=len, reverse=True)

    def ours(name: str) -> str:
        for theirs in by_length:
            if name == theirs or name.startswith(f"{theirs}."):
                return f"{parts[theirs]}{name[len(theirs) :]}".removeprefix(".")
        return name

    return {ours(name): value for name, value in state.items()}


def load_state(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy parameters into a model, all or none.

    Raises:
        ValueError: if a name is missing or unknown, a shape differs, or a number does not fit the model's type; says
            which first, and what it may mean.
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
        if (_finite(value) & ~_finite(value.to(own[name].dtype))).any():
            raise ValueError(f"{name} holds numbers that are too large for this model's {own[name].dtype}")
    model.load_state_dict({name: value.to(own[name].dtype) for name, value in state.items()})


def _finite(value: Tensor) -> Tensor:
    # Types of 8 bits know no isfinite of their own.
    return (value.float() if value.is_floating_point() and value.dtype.itemsize < 2 else value).isfinite()
