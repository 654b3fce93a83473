"""Autograd graphs that stay in the student's process while the test holds their outputs."""

import sys


class Graph:
    """One call's outputs, and the leaves that they depend on.

    Args:
        outputs: the tensors of the answer that are part of a graph.
        arguments: leaves of the call's tensor arguments, by their number in the call.
        live: leaves that both processes keep, by their number.
        others: leaves that only the student's process has: their gradients are added up here.
    """

    def __init__(self, outputs: list, arguments: dict, live: dict, others: list) -> None:
        self.outputs = outputs
        self.arguments = arguments
        self.live = live
        self.others = others

    def backward(self, grads: list) -> list:
        """The vector-Jacobian product.

        Args:
            grads: for each output a tensor, or None for zeros.

        Returns:
            For each argument, then for each live leaf, a tensor; None where the outputs do not depend on it.
        """
        torch = sys.modules["torch"]
        inputs = [*self.arguments.values(), *self.live.values(), *self.others]
        pairs = [(one, grad) for one, grad in zip(self.outputs, grads, strict=True) if grad is not None]
        if not pairs or not inputs:
            return [None] * (len(inputs) - len(self.others))
        outputs, given = zip(*pairs, strict=True)
        found = torch.autograd.grad(outputs, inputs, given, retain_graph=True, allow_unused=True)
        count = len(inputs) - len(self.others)
        for leaf, grad in zip(self.others, found[count:], strict=True):
            if grad is not None:
                leaf.grad = grad if leaf.grad is None else leaf.grad + grad
        return [None if grad is None else grad.detach() for grad in found[:count]]


def leaves_of(outputs: list) -> list:
    """The leaves that require a gradient and that tensors depend on, each once."""
    waiting, seen, leaves = [one.grad_fn for one in outputs], set(), []
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        leaf = getattr(node, "variable", None)
        if leaf is not None and not node.next_functions:
            leaves.append(leaf)
        waiting += [following for following, _ in node.next_functions]
    return leaves


def recorded(outputs: list, arguments: list, live) -> Graph:
    """The graph behind the outputs of a call.

    Args:
        outputs: tensors with a `grad_fn`.
        arguments: for each tensor argument its leaf, or None.
        live: the tensors that both sides keep.
    """
    places = {id(leaf): place for place, leaf in enumerate(arguments) if leaf is not None}
    graph = Graph(outputs, {}, {}, [])
    for leaf in leaves_of(outputs):
        number = live.number_of(leaf)
        if id(leaf) in places:
            graph.arguments[places[id(leaf)]] = leaf
        elif number is not None:
            graph.live[number] = leaf
        else:
            graph.others.append(leaf)
    return graph
