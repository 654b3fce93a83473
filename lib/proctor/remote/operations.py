"""What the test may ask of the student's process, by name: each is run there with the operands it came with."""

import copy
import inspect
import operator
import sys

NOTHING = inspect.Parameter.empty


class Loose:
    """A value of the notebook: where it is too large to cross, it is told as an object instead.

    Args:
        value: any.
    """

    def __init__(self, value: object) -> None:
        self.value = value


def get(student, names: list[str]) -> list:
    """For each name of the notebook its value, in a tuple; an empty tuple where it has none."""
    namespace = student.namespace
    return [(Loose(namespace[name]),) if name in namespace else () for name in names]


def following(student, iterator: object) -> tuple:
    """The next item, in a tuple; an empty one at the end."""
    try:
        return (next(iterator),)
    except StopIteration:
        return ()


def signature(student, function: object) -> list:
    """The parameters of a function: name, kind, whether there is a default, the default (`...` if not plain)."""
    plain = (bool, int, float, str, type(None))
    found = []
    for one in inspect.signature(function).parameters.values():
        given = one.default is not NOTHING
        default = one.default if type(one.default) in plain else ...
        found.append((one.name, int(one.kind), given, default if given else None))
    return found


def enter(student, manager: object) -> object:
    """Begin a `with` block."""
    return type(manager).__enter__(manager)


def leave(student, manager: object, failure: str | None) -> None:
    """End a `with` block; what the test's code raised is told by its message alone."""
    error = None if failure is None else RuntimeError(failure)
    type(manager).__exit__(manager, error and RuntimeError, error, None)


def contains(student, owner: object, item: object) -> bool:
    """Whether the owner's own `in` says so."""
    return operator.contains(owner, item)


def document(student, owner: object) -> str | None:
    """A docstring; None if there is none."""
    found = getattr(owner, "__doc__", None)
    return found[:100_000] if type(found) is str else None


def vjp(student, number: int, grads: list) -> list:
    """The gradients of the inputs of an earlier call, given those of its outputs."""
    return student.graphs[number].backward(grads)


OPERATIONS = {
    "get": get,
    "call": lambda student, function, args, kwargs: function(*args, **kwargs),
    "attr": lambda student, owner, name: getattr(owner, name),
    "setattr": lambda student, owner, name, value: setattr(owner, name, value),
    "delattr": lambda student, owner, name: delattr(owner, name),
    "len": lambda student, owner: len(owner),
    "item": lambda student, owner, key: owner[key],
    "setitem": lambda student, owner, key, value: operator.setitem(owner, key, value),
    "delitem": lambda student, owner, key: operator.delitem(owner, key),
    "iter": lambda student, owner: iter(owner),
    "next": following,
    "contains": contains,
    "operator": lambda student, name, *operands: getattr(operator, name)(*operands),
    "isinstance": lambda student, one, kind: isinstance(one, kind),
    "signature": signature,
    "name": lambda student, owner: str(getattr(owner, "__name__", type(owner).__name__)),
    "doc": document,
    "dir": lambda student, owner: [name for name in dir(owner) if type(name) is str],
    "enter": enter,
    "leave": leave,
    "copy": lambda student, owner: copy.copy(owner),
    "deepcopy": lambda student, owner: copy.deepcopy(owner),
    "vjp": vjp,
}


def torch_bases(kind: type) -> list[str]:
    """The names of torch's own module classes that a class comes from, nearest first."""
    torch = sys.modules.get("torch")
    if torch is None or torch.nn.Module not in kind.__mro__:
        return []
    return [one.__name__ for one in kind.__mro__ if getattr(torch.nn, one.__name__, None) is one]
