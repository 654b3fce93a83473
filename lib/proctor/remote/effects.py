"""What the student's code did to the arguments of a call: seen in the student's process, done again in the test's."""

import sys
from collections import deque

from proctor.remote import live
from proctor.remote.errors import ProtocolError


class Watched:
    """The arguments of one call as they arrived.

    Args:
        objects: the decoder's numbered values.
        tensors: the tensors as the student's code gets them.
        before: the same, in memory that the code does not reach.
        grads: for each tensor the number of its gradient, or None.
    """

    def __init__(self, objects: list, tensors: list, before: list, grads: list) -> None:
        self.objects = [(one, snapshot(one)) for one in objects]
        self.tensors = []
        for number, tensor in enumerate(tensors):
            kept = live.Live(None)
            kept.content, kept.requires_grad = before[number], tensor.requires_grad
            kept.grad = None if grads[number] is None else before[grads[number]]
            self.tensors.append((tensor, kept, tensor.grad_fn, number))

    def references(self) -> dict[int, list]:
        """The words for the arguments themselves, by identity, for the encoder of the answer."""
        kept = {id(one): before for one, before in self.objects}
        found = {id(one): ["a", number] for number, (one, _) in enumerate(self.objects) if whole(one, kept)}
        for tensor, _, graph, number in self.tensors:
            if tensor.grad_fn is graph:
                found[id(tensor)] = ["at", number]
        return found

    def changes(self, encoder) -> list:
        """The changed arguments, as [containers and modules, tensors]."""
        objects = []
        for number, (one, before) in enumerate(self.objects):
            after = snapshot(one)
            if not equal(before, after):
                objects.append([number, written(one, encoder)])
        return [objects, [change for change in (self.tensor_change(*one, encoder) for one in self.tensors) if change]]

    def tensor_change(self, tensor, before: live.Live, graph, number: int, encoder) -> list | None:
        """The record of a changed tensor."""
        flags_matter = tensor.grad_fn is None and graph is None
        content, grad = not live.same(tensor, before.content), False
        if tensor.is_leaf:
            grad = not live.same(tensor.grad, before.grad)
        flags = flags_matter and tensor.requires_grad != before.requires_grad
        if not (content or grad or flags):
            return None
        record = live.record(number, tensor, content, grad, encoder)
        if not flags_matter:
            record[1] = live.REQUIRES_GRAD * before.requires_grad
        return record


def snapshot(one: object) -> object:
    """What is compared before and after: the parts of a container, a copy of an array, a flag."""
    if type(one) in (list, set, deque):
        return list(one)
    if type(one) is bytearray:
        return bytes(one)
    if isinstance(one, dict):
        return [part for pair in one.items() for part in pair]
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if numpy is not None and type(one) is numpy.ndarray:
        return one.dtype, one.shape, one.tobytes()
    if torch is not None and isinstance(one, torch.Generator):
        return one.get_state().numpy().tobytes()
    return structure(one)


def structure(module) -> tuple:
    """A torch module's flag and parts, by identity."""
    state = module.__dict__
    parts = [id(one) for table in ("_parameters", "_buffers", "_modules") for one in state[table].values()]
    return module.training, tuple(parts)


def equal(before: object, after: object) -> bool:
    """Whether two snapshots are the same; the parts of containers count by identity."""
    if type(before) is list:
        return len(before) == len(after) and all(a is b for a, b in zip(before, after, strict=True))
    return before == after


def whole(one: object, before: dict[int, object]) -> bool:
    """Whether an argument is still of the same parts, all the way down, where it is a torch module."""
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(one, torch.nn.Module):
        return True
    return all(id(part) in before and before[id(part)][1] == structure(part)[1] for part in one.modules())


def written(one: object, encoder) -> object:
    """The new content of a changed argument."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(one, torch.nn.Module):
        return one.training
    if torch is not None and isinstance(one, torch.Generator):
        return True
    # not `encode`: it would answer with the argument itself
    found = encoder.container(one, type(one), 1)
    return encoder.numpy_array(one, sys.modules["numpy"]) if found is None else found


def apply(change: object, objects: list, tensors: list, decoder) -> None:
    """Do to the test's own arguments what the student's code did to its copies.

    Args:
        change: from the student's process, checked here.
        objects: the test's containers and modules, as numbered when they were sent.
        tensors: the test's, likewise.
        decoder: of the answer.

    Raises:
        ProtocolError: if the change does not fit the arguments.
    """
    if type(change) is not list or len(change) != 2 or any(type(one) is not list for one in change):
        raise ProtocolError("changes of arguments without their two parts")
    for one in change[0]:
        if type(one) is not list or len(one) != 2 or type(one[0]) is not int or not 0 <= one[0] < len(objects):
            raise ProtocolError("a change of an argument that there is not")
        assign(objects[one[0]], decoder.decode(one[1]))
    for one in change[1]:
        live.check(one, decoder.tensors)
        if not 0 <= one[0] < len(tensors):
            raise ProtocolError("a change of a tensor that was no argument")
        live.update(tensors[one[0]], one, decoder.tensors)


def assign(old, new: object) -> None:
    """Give a mutable object new content.

    Raises:
        ProtocolError: if it is of another kind.
    """
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if isinstance(old, list | bytearray) and type(new) is (list if isinstance(old, list) else bytearray):
        old[:] = new
    elif isinstance(old, dict) and isinstance(new, dict):
        old.clear()
        for key, one in new.items():  # not Counter.update, which adds
            old[key] = one
    elif (isinstance(old, set) and type(new) is set) or (type(old) is deque and type(new) is deque):
        old.clear()
        old.update(new) if isinstance(old, set) else old.extend(new)
    elif numpy is not None and type(old) is numpy.ndarray and type(new) is numpy.ndarray:
        if (old.shape, old.dtype) != (new.shape, new.dtype) or not old.flags.writeable:
            raise ProtocolError(f"an array of shape {old.shape} cannot become one of {new.shape} in place")
        old[...] = new
    elif torch is not None and isinstance(old, torch.nn.Module) and type(new) is bool:
        old.__dict__["training"] = new
    elif torch is not None and isinstance(old, torch.Generator) and new is True:
        seed = torch.randint(1 << 62, (), generator=old)  # never the student's state: see `randomness`
        old.manual_seed(int(seed))
    else:
        raise ProtocolError(f"a {type(old).__name__} cannot become a {type(new).__name__}")
