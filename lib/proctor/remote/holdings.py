"""What the test's process holds of the student's, and the words for what it hands over."""

import io
import sys
from weakref import WeakValueDictionary

from proctor.remote import errors, live, modules
from proctor.remote.callbacks import Callbacks
from proctor.remote.errors import ProtocolError
from proctor.remote.objects import RemoteClass, RemoteFunction, RemoteIterator, RemoteObject
from proctor.remote.rebuilding import CannotRebuild, address, write
from proctor.remote.values import Decoder, Encoder

KINDS = {"c": RemoteClass, "f": RemoteFunction, "n": RemoteIterator, "p": RemoteObject, "o": RemoteObject}
BASES = ((str, str.__str__), (int, int.__int__), (float, float.__float__), (bytes, bytes))
PUBLIC = ("torch", "numpy", "math", "torchvision")  # packages of which a name of the student's may mean the test's own


class Holdings:
    """Stand-ins, mirrors and kept tensors by number; functions that the student's code may call.

    Attributes:
        released: numbers of objects that are held no longer and that the student's process has not heard of.
        released_graphs: likewise.
    """

    def __init__(self) -> None:
        self.callbacks = Callbacks()
        self.objects: WeakValueDictionary[int, RemoteObject] = WeakValueDictionary()
        self.mirrors: WeakValueDictionary = WeakValueDictionary()
        self.live = live.LiveTensors()
        self.released: set[int] = set()
        self.released_graphs: list[int] = []

    def encoder(self) -> Encoder:
        """An encoder for a message to the student's process."""
        encoder = Encoder(self.export, sharing=True)
        encoder.tracked, encoder.strict = self.tracked, 0
        return encoder

    def records(self, encoder: Encoder) -> list:
        """What changed here in what both sides keep."""
        records = self.live.changes(encoder) if self.live else []
        for number, mirror in list(self.mirrors.items()):
            state = mirror.__dict__
            if state["training"] != state["_proctor_training"]:
                state["_proctor_training"] = state["training"]
                records.append([number, bool(state["training"])])
        return records

    def dropped(self) -> list:
        """What is held here no longer: objects, tensors, graphs."""
        gone = [number for number, entry in self.live.entries.items() if entry.get() is None]
        for number in gone:
            self.live.drop(number)
        objects, self.released = sorted(self.released), set()
        graphs, self.released_graphs = self.released_graphs, []
        return [objects, gone, graphs]

    def update(self, layouts: object, records: object, tensors: list) -> list:
        """Take over what changed there in what both sides keep.

        Returns:
            What is new, to be held until the message is read.
        """
        if type(layouts) is not list or type(records) is not list:
            raise ProtocolError("a message whose parts are of the wrong kind")
        alive = []
        for record in records:
            live.check(record, tensors)
            alive.append(self.kept_or_new(record, tensors))
        for layout in layouts:
            modules.check(layout)
            alive.append(self.mirror_or_new(layout[0]))
        for layout in layouts:
            modules.fill(self.mirror(layout[0]), layout, self.kept, self.mirror)
        return alive

    def kept_or_new(self, record: list, tensors: list):
        """The tensor of a record, brought to its state."""
        number = record[0]
        tensor = self.live.entries[number].get() if number in self.live.entries else None
        if tensor is None:
            from torch.utils.weak import TensorWeakRef

            tensor = live.created(record, tensors)
            self.live.add(number, tensor, TensorWeakRef(tensor))
        live.update(tensor, record, tensors)
        self.live.entries[number].remember(tensor)
        return tensor

    def kept(self, number: object):
        """A tensor that both sides keep; None if it is gone here.

        Raises:
            ProtocolError: if there never was one.
        """
        if type(number) is not int or number not in self.live.entries:
            raise ProtocolError("a tensor that was never sent")
        return self.live.entries[number].get()

    def mirror_or_new(self, number: int):
        """The mirror with a number, made if need be."""
        if number in self.objects:
            raise ProtocolError("a module with the number of another object")
        self.released.discard(number)
        if number not in self.mirrors:
            made = modules.mirror_class()(self, number)
            self.mirrors[number] = made
            return made
        return self.mirrors[number]

    def mirror(self, number: object):
        """The mirror with a number."""
        if type(number) is not int or number not in self.mirrors:
            raise ProtocolError("a module that was never sent")
        return self.mirrors[number]

    def special(self, objects: list, tensors: list):
        """The reader of what is no plain value, for an answer to a question with these arguments."""

        def read(tag: str, parts: list, decoder: Decoder) -> object:
            if tag == "a":
                return objects[decoder.index(parts, objects)]
            if tag == "at":
                return tensors[decoder.index(parts, tensors)]
            if tag == "F" and len(parts) == 1:
                return self.callbacks.find(parts[0])[0]
            if tag == "P" and len(parts) == 1:
                return self.kept(parts[0])
            if tag == "m" and len(parts) == 1:
                return self.mirror(parts[0])
            if tag == "h" and len(parts) == 4:
                return self.object(*parts)
            raise ProtocolError(f"an unknown value {tag[:10]!r}")

        return read

    def object(self, number: object, kind: object, name: object, bases: object) -> object:
        """The stand-in for an object of the student's."""
        if type(number) is not int or number < 1 or type(kind) is not str or kind not in KINDS:
            raise ProtocolError("an object without a number and a kind")
        if kind == "p" and type(name) is str and name.split(".")[0] in PUBLIC and name in sys.modules:
            return sys.modules[name]
        found = self.objects.get(number)
        if number in self.mirrors or (found is not None and type(found) is not KINDS[kind]):
            raise ProtocolError("an object with the number of another one")
        if found is None:
            torch_bases = bases if modules.torch_classes(bases) else []
            found = KINDS[kind](self, number, errors.identifier(name), torch_bases)
            self.objects[number] = found
            self.released.discard(number)
        return found

    def torch_classes(self, names: list) -> tuple[type, ...]:
        """Torch's module classes by name."""
        return modules.torch_classes(names)

    def owns(self, value: object) -> bool:
        """Whether a value stands for an object of the student's."""
        if isinstance(value, RemoteObject) or modules.is_mirror(value):
            return value._proctor_session is self
        return False

    def tracked(self, tensor, encoder: Encoder) -> list | None:
        """The words for a tensor that both sides keep."""
        number = self.live.number_of(tensor)
        return None if number is None else ["P", number]

    def export(self, value: object, encoder: Encoder) -> list:
        """The words for an argument that is no plain value.

        Raises:
            TypeError: if it cannot cross.
        """
        if self.owns(value):
            return ["H", value._proctor_number]
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Generator):
            state = value.get_state().numpy().tobytes()
            return encoder.numbered(value, lambda: ["G", encoder.buffer(state)])
        where = address(value)
        if where:
            return where
        if torch is not None and isinstance(value, torch.nn.Module):
            return self.module(value, encoder)
        for base, plain in BASES:
            if isinstance(value, base):
                return encoder.encode(plain(value))
        for base in (list, dict, set, frozenset):
            if isinstance(value, base):
                return encoder.numbered(value, lambda base=base: encoder.container(value, base, 1))
        offered = None
        if not encoder.strict and not isinstance(value, io.IOBase):
            offered = self.callbacks.offer(value)
        if offered is None:
            raise TypeError(
                f"a {type(value).__name__} of the test cannot be handed to the student's code; numbers, text, "
                "containers, tensors, arrays, torch modules, functions and iterables can, and the student's own objects"
            )
        return offered

    def module(self, value: object, encoder: Encoder) -> list:
        """The words for a torch module of the test's: its parts, or, where one does not cross, a function."""
        mark = encoder.mark()
        encoder.strict += 1
        try:
            return encoder.numbered(value, lambda: write(value, encoder))
        except TypeError:
            encoder.rollback(mark)
        finally:
            encoder.strict -= 1
        if encoder.strict:
            raise CannotRebuild(f"a {type(value).__name__} inside another module does not cross")
        return self.callbacks.offer(value)
