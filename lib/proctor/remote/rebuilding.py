"""A module of the test's, made again in the student's process from its parts: class, tensors, plain attributes.

Its constructor does not run. What is made again takes part in gradients, and what the student's code does to its
numbers and its training flag reaches the test's module. A module with hooks, with attributes that cannot cross, or of
a class from a notebook is no such module; it crosses as a function.
"""

import importlib
import sys
import types

NATIVE = ("torch", "torch.nn.functional", "numpy", "math", "operator", "builtins")
RECURRENT = {"_flat_weights", "_flat_weight_refs"}  # what recurrent layers derive from their parameters


class CannotRebuild(TypeError):
    """The module has a part that does not cross."""


def address(value: object) -> list | None:
    """Where both processes can import a function or class from; None if that is nowhere.

    Args:
        value: any.
    """
    if isinstance(value, types.ModuleType):
        return ["g", value.__name__, ""] if sys.modules.get(value.__name__) is value else None
    if not isinstance(value, type | types.FunctionType | types.BuiltinFunctionType) and not is_ufunc(value):
        return None
    names = (getattr(value, "__qualname__", None) or value.__name__, value.__name__)
    for module in (getattr(value, "__module__", None), *NATIVE):
        for name in names:
            if module != "__main__" and module in sys.modules and found(sys.modules[module], name) is value:
                return ["g", module, name]
    return None


def is_ufunc(value: object) -> bool:
    """Whether a value is one of numpy's functions."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ufunc


def found(owner: object, name: str) -> object:
    """An attribute by its dotted name; None if it is not there."""
    for part in name.split("."):
        owner = getattr(owner, part, None)
    return owner


def imported(module: str, name: str) -> object:
    """What an address stands for."""
    owner = importlib.import_module(module)
    for part in filter(None, name.split(".")):
        owner = getattr(owner, part)
    return owner


def internals() -> dict:
    """The attributes that every torch module has."""
    return vars(sys.modules["torch"].nn.Module())


def write(module, encoder) -> list:
    """A module's parts.

    Raises:
        CannotRebuild: if one of them does not cross.
    """
    where = address(type(module))
    own = internals()
    if where is None or any(module.__dict__.get(name) for name in own if name.endswith("hooks")):
        raise CannotRebuild(f"{type(module).__name__} has hooks or a class that cannot be imported")
    state = module.__dict__
    attributes = {name: one for name, one in state.items() if name not in own and name not in RECURRENT}
    return [
        "M",
        *where[1:],
        module.training,
        [[name, encoder.encode(one)] for name, one in state["_parameters"].items()],
        [
            [name, encoder.encode(one), name not in state["_non_persistent_buffers_set"]]
            for name, one in state["_buffers"].items()
        ],
        [[name, encoder.encode(one)] for name, one in state["_modules"].items()],
        [[name, encoder.encode(one)] for name, one in attributes.items()],
    ]


def build(parts: list, decoder) -> object:
    """The module of the parts that `write` gave."""
    torch = sys.modules["torch"]
    module, name, training, parameters, buffers, children, attributes = parts
    kind = imported(module, name)
    made = kind.__new__(kind)
    torch.nn.Module.__init__(made)
    state = made.__dict__
    state["training"] = training
    for key, one in parameters:
        state["_parameters"][key] = decoder.decode(one)
    for key, one, persistent in buffers:
        state["_buffers"][key] = decoder.decode(one)
        if not persistent:
            state["_non_persistent_buffers_set"].add(key)
    for key, one in children:
        state["_modules"][key] = decoder.decode(one)
    for key, one in attributes:
        state[key] = decoder.decode(one)
    if hasattr(made, "_init_flat_weights"):
        made._init_flat_weights()
    return made
