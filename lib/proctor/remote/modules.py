"""Mirrors, in the test's process, of the student's torch modules.

A mirror is a torch module with the same tree, parameters, buffers and flags; its forward pass, methods and other
attributes are the student's. Both sides tell each other what changed in the numbers (`live`), so `loss.backward()`,
an optimiser's step and `load_state_dict` in the test work as on a module of its own.

Assigning an attribute, also a parameter or a submodule, is done in the student's process; a submodule assigned so is
afterwards a mirror, no longer the object that was assigned.
"""

import functools
import sys

from proctor.remote.errors import ProtocolError, identifier
from proctor.remote.objects import plain

ELSEWHERE = (  # methods of torch modules that a student's class may have of its own, or that need its tensors
    *("train", "to", "float", "double", "half", "bfloat16", "cpu", "register_forward_hook"),
    *("register_forward_pre_hook", "register_full_backward_hook", "register_buffer", "register_parameter"),
    *("add_module", "register_module"),
)
NAME = 200


@functools.cache
def mirror_class() -> type:
    """The class of mirrors; made once torch is loaded."""
    from torch import nn

    class Mirror(nn.Module):
        """A torch module of the student's.

        Args:
            session: the connection.
            number: the module's number there.
        """

        def __init__(self, session, number: int) -> None:
            nn.Module.__init__(self)
            self.__dict__.update(
                _proctor_session=session,
                _proctor_number=number,
                _proctor_name="Module",
                _proctor_training=True,
                _proctor_bases=(),
            )

        @property
        def __class__(self):
            bases = self.__dict__.get("_proctor_bases")
            return bases[0] if bases else Mirror

        def __del__(self):
            self.__dict__["_proctor_session"].released.add(self.__dict__["_proctor_number"])

        def _get_name(self):
            return f"student's {self._proctor_name}"

        def forward(self, *args, **kwargs):
            return self._proctor_session.ask("call", self, args, kwargs)

        def __getattr__(self, name):
            for table in ("_parameters", "_buffers", "_modules"):
                if name in self.__dict__[table]:
                    return self.__dict__[table][name]
            if name.startswith("_proctor_") or (name.startswith("__") and name.endswith("__")):
                raise AttributeError(f"{self._get_name()} has no {name} here")
            return self._proctor_session.ask("attr", self, name)

        def __setattr__(self, name, value):
            if name == "training" or (name.startswith("_") and name in self.__dict__):
                self.__dict__[name] = value
            else:
                self._proctor_session.ask("setattr", self, name, value)

        def __delattr__(self, name):
            self._proctor_session.ask("delattr", self, name)

        def __bool__(self):
            return True

        def __len__(self):
            return plain(self._proctor_session.ask("len", self), int)

        def __iter__(self):
            return iter(self._proctor_session.ask("iter", self))

        def __contains__(self, key):
            return plain(self._proctor_session.ask("contains", self, key), bool)

        def __getitem__(self, key):
            return self._proctor_session.ask("item", self, key)

        def __setitem__(self, key, value):
            self._proctor_session.ask("setitem", self, key, value)

        def __delitem__(self, key):
            self._proctor_session.ask("delitem", self, key)

        def __copy__(self):
            return self._proctor_session.ask("copy", self)

        def __deepcopy__(self, memo):
            return self._proctor_session.ask("deepcopy", self)

        def __reduce_ex__(self, protocol):
            raise TypeError(f"{self._get_name()} cannot be pickled; save its state_dict()")

    for name in ELSEWHERE:
        setattr(Mirror, name, elsewhere(name))
    return Mirror


def elsewhere(name: str):
    """A method that runs in the student's process."""

    def method(self, *args, **kwargs):
        return self._proctor_session.ask("attr", self, name)(*args, **kwargs)

    return method


def is_mirror(value: object) -> bool:
    """Whether a value is a mirror; asks nothing of the value itself."""
    return "torch" in sys.modules and type(value) is mirror_class()


def torch_classes(names: object) -> tuple[type, ...]:
    """Torch's module classes by name.

    Raises:
        ProtocolError: if one is none.
    """
    if not names:
        return ()
    nn = sys.modules["torch"].nn
    if type(names) is not list or any(type(name) is not str for name in names):
        raise ProtocolError("class names that are no text")
    found = tuple(vars(nn).get(name) for name in names)
    if not all(isinstance(one, type) and issubclass(one, nn.Module) for one in found):
        raise ProtocolError("a class that torch.nn does not have")
    return found


def check(layout: object) -> None:
    """Whether a module's line has the right form.

    Raises:
        ProtocolError: if not.
    """
    kinds = [int, str, list, bool, list, list, list]
    if type(layout) is not list or [type(part) for part in layout] != kinds:
        raise ProtocolError("a module without its seven parts")
    for table, length in zip(layout[4:], (2, 3, 2), strict=True):
        for line in table:
            if type(line) is not list or len(line) != length or type(line[0]) is not str or len(line[0]) > NAME:
                raise ProtocolError("a part of a module without a name")
            if not (line[1] is None or type(line[1]) is int) or type(line[-1]) not in (bool, int, type(None)):
                raise ProtocolError("a part of a module without a number")
        if len({line[0] for line in table}) != len(table):
            raise ProtocolError("a module with a part twice")


def fill(mirror, layout: list, kept, child) -> None:
    """Bring a mirror to the state of a checked line.

    Args:
        mirror: changed in place.
        layout: number, class, torch's classes, flag, parameters, buffers, children.
        kept: gives a tensor by its number, None if it is gone.
        child: gives a mirror by its number.

    Raises:
        ProtocolError: if a part is of the wrong kind.
    """
    nn = sys.modules["torch"].nn
    _, name, bases, training, parameters, buffers, children = layout
    state = mirror.__dict__
    state.update(_proctor_name=identifier(name), _proctor_bases=torch_classes(bases))
    state.update(training=training, _proctor_training=training)
    tensors = {key: None if one is None else kept(one) for key, one in parameters}
    if not all(one is None or isinstance(one, nn.Parameter) for one in tensors.values()):
        raise ProtocolError("a parameter that is none")
    state["_parameters"] = tensors
    state["_buffers"] = {key: None if one is None else kept(one) for key, one, _ in buffers}
    state["_non_persistent_buffers_set"] = {key for key, _, persistent in buffers if not persistent}
    state["_modules"] = {key: None if one is None else child(one) for key, one in children}
