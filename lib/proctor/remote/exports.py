"""The student's objects that the test holds: numbers for them, and words for those that are no plain values."""

import sys
import types

from proctor.remote import live
from proctor.remote.callbacks import STAND_INS
from proctor.remote.errors import identifier
from proctor.remote.operations import Loose, torch_bases
from proctor.remote.rebuilding import build, imported
from proctor.remote.values import Encoder

CLASS, FUNCTION, ITERATOR, MODULE, OBJECT = "c", "f", "n", "p", "o"


class Exports:
    """Everything of the student's that is known to the test.

    Args:
        ask: uses something of the test's: see `callbacks`.
    """

    def __init__(self, ask) -> None:
        self.ask = ask
        self.objects: dict[int, object] = {}
        self.numbers: dict[int, int] = {}
        self.layouts: dict[int, list | None] = {}
        self.stand_ins: dict[int, object] = {}
        self.live = live.LiveTensors()
        self.count = 0

    def encoder(self, references: dict[int, list]) -> Encoder:
        """An encoder for a message to the test.

        Args:
            references: words for the test's own objects, by identity.
        """
        encoder = Encoder(self.export, sharing=False)
        encoder.known = references
        encoder.tracked = self.tracked
        return encoder

    def number(self, value: object) -> int:
        """The number of an object, a new one if need be."""
        if id(value) not in self.numbers:
            self.count += 1
            self.numbers[id(value)] = self.count
            self.objects[self.count] = value
        return self.numbers[id(value)]

    def release(self, objects: list[int], tensors: list[int]) -> None:
        """Forget objects and tensors; unknown numbers are passed over."""
        for number in objects:
            if number in self.objects:
                del self.numbers[id(self.objects.pop(number))]
                self.layouts.pop(number, None)
        for number in tensors:
            self.live.drop(number)

    def export(self, value: object, encoder: Encoder) -> list:
        """The words for something that is no plain value."""
        kind = type(value)
        if kind is Loose:
            return self.loose(value.value, encoder)
        if kind in STAND_INS.values():
            return ["F", value._key]
        torch = sys.modules.get("torch")
        if torch is not None and torch.nn.Module in kind.__mro__:
            number = self.number(value)
            self.layouts.setdefault(number, None)
            return ["m", number]
        number = self.number(value)
        if issubclass(kind, type):
            return ["h", number, CLASS, identifier(type.__dict__["__name__"].__get__(value)), torch_bases(value)]
        if kind is types.ModuleType and sys.modules.get(value.__name__) is value:
            return ["h", number, MODULE, value.__name__, []]
        if callable(value):
            return ["h", number, FUNCTION, identifier(name_of(value)), []]
        return ["h", number, ITERATOR if hasattr(kind, "__next__") else OBJECT, identifier(kind.__name__), []]

    def loose(self, value: object, encoder: Encoder) -> object:
        """A value, or the words for an object where it cannot cross."""
        mark = encoder.mark()
        try:
            return encoder.encode(value)
        except (TypeError, ValueError, RuntimeError):
            encoder.rollback(mark)
            return ["h", self.number(value), OBJECT, identifier(type(value).__name__), []]

    def tracked(self, tensor, encoder: Encoder) -> list | None:
        """The words for a tensor that both sides keep: a parameter, a leaf with a gradient, a buffer in a mirror."""
        number = self.live.number_of(tensor)
        if number is None:
            torch = sys.modules["torch"]
            kept = type(tensor) is torch.nn.Parameter or (tensor.is_leaf and tensor.requires_grad)
            if not kept:
                return None
            number = self.keep(tensor)
        return ["P", number]

    def keep(self, tensor) -> int:
        """Number a tensor that both sides keep from now on."""
        number = self.live.number_of(tensor)
        if number is None:
            self.count += 1
            number = self.count
            self.live.add(number, tensor, lambda: tensor)
        return number

    def state(self, encoder: Encoder) -> tuple[list, list]:
        """What changed in the modules and tensors that both sides keep: layouts, records."""
        layouts, seen = [], set()
        while len(seen) < len(self.layouts):  # a layout may bring new children
            for number in list(self.layouts):
                if number not in seen:
                    seen.add(number)
                    layout = self.layout(number)
                    if layout != self.layouts[number]:
                        self.layouts[number] = layout
                        layouts.append(layout)
        return layouts, self.live.changes(encoder) if self.live else []

    def layout(self, number: int) -> list:
        """A module's own line: number, class, torch's classes, flag, parameters, buffers, children."""
        module = self.objects[number]
        state = module.__dict__
        passing = state["_non_persistent_buffers_set"]
        return [
            number,
            identifier(type(module).__name__),
            torch_bases(type(module)),
            bool(state["training"]),
            [[name, self.tensor(one)] for name, one in state["_parameters"].items()],
            [[name, self.tensor(one), name not in passing] for name, one in state["_buffers"].items()],
            [[name, self.child(one)] for name, one in state["_modules"].items()],
        ]

    def tensor(self, one) -> int | None:
        """The number of a parameter or buffer; None for none, and for one that has no numbers yet."""
        torch = sys.modules["torch"]
        if one is None or torch.nn.parameter.is_lazy(one) or one.layout is not torch.strided or one.is_quantized:
            return None
        return self.keep(one)

    def child(self, one) -> int | None:
        """The number of a submodule."""
        if one is None:
            return None
        number = self.number(one)
        self.layouts.setdefault(number, None)
        return number

    def live_update(self, records: list, tensors: list) -> None:
        """Take over what the test did to kept tensors, and to the training flags of modules."""
        for one in records:
            if len(one) == 2:
                self.objects[one[0]].training = one[1]
                self.layouts[one[0]][3] = one[1]
                continue
            entry = self.live.entries[one[0]]
            live.update(entry.get(), one, tensors)
            entry.remember(entry.get())

    def special(self, tag: str, parts: list, decoder) -> object:
        """The values that only this side knows: its own objects, the test's stand-ins, what it builds."""
        if tag == "H":
            return self.objects[parts[0]]
        if tag == "P":
            return self.live.entries[parts[0]].get()
        if tag == "F":
            key, kind, name = parts
            if key not in self.stand_ins:
                self.stand_ins[key] = STAND_INS[kind](self.ask, key, name)
            return self.stand_ins[key]
        if tag == "g":
            return imported(*parts)
        if tag == "M":
            return decoder.number("M", build(parts, decoder))
        if tag == "G":
            import torch

            generator = torch.Generator()
            generator.set_state(torch.frombuffer(bytearray(decoder.buffer(parts)), dtype=torch.uint8))
            return decoder.number("G", generator)
        raise ValueError(f"unknown tag {tag}")


def name_of(function: object) -> str:
    """A function's name; its class's name where it has none, or will not say."""
    try:
        return function.__name__
    except BaseException:
        return type(function).__name__
