"""The test's side of gradients: the tensors of an answer take part in its autograd, whose backward asks the student."""

import functools
import sys

from proctor.remote.errors import ProtocolError


class Token:
    """Holds a graph in the student's process as long as the test's graph refers to it.

    Args:
        session: the connection.
        number: of the graph.
    """

    def __init__(self, session, number: int) -> None:
        self.session, self.number = session, number

    def __del__(self) -> None:
        self.session.released_graphs.append(self.number)


def attach(session, graph: object, tensors: list, arguments: list) -> list:
    """Make the tensors of an answer outputs of the call in the test's autograd.

    Args:
        session: the connection.
        graph: number, indices of the outputs, numbers of the arguments, numbers of the kept tensors; None for none.
        tensors: of the answer.
        arguments: the tensors of the call.

    Returns:
        The tensors, the outputs replaced.

    Raises:
        ProtocolError: if the graph names a tensor that is not there or has no gradient.
    """
    if graph is None:
        return tensors
    number, outputs, taken, kept = checked(graph)
    for place in outputs:
        if not 0 <= place < len(tensors) or not (tensors[place].is_floating_point() or tensors[place].is_complex()):
            raise ProtocolError("a graph whose output is no tensor of real or complex numbers")
    if any(not 0 <= place < len(arguments) for place in taken):
        raise ProtocolError("a graph of an argument that there is not")
    inputs = [arguments[place] for place in taken] + [session.kept(place) for place in kept]
    torch = sys.modules["torch"]
    # the student's own leaves alone also make a graph: something here has to require a gradient for it
    anchor = torch.zeros((), requires_grad=True)
    given = [torch.zeros(()) if one is None else one for one in inputs]
    call, _ = functions()
    plain = [tensors[place] for place in outputs]
    made = call.apply(Token(session, number), plain, [one is None for one in inputs], anchor, *given)
    found = list(tensors)
    for place, tensor in zip(outputs, made, strict=True):
        found[place] = tensor
    return found


def checked(graph: object) -> list:
    """The graph, if its parts have the right types."""
    if type(graph) is not list or len(graph) != 4 or type(graph[0]) is not int:
        raise ProtocolError("a graph without its four parts")
    for part in graph[1:]:
        if type(part) is not list or any(type(one) is not int for one in part) or len(set(part)) != len(part):
            raise ProtocolError("a graph whose parts are no lists of different numbers")
    if not graph[1]:
        raise ProtocolError("a graph without outputs")
    return graph


@functools.cache
def functions() -> tuple[type, type]:
    """The two autograd functions; made once torch is loaded."""
    from torch import is_grad_enabled
    from torch.autograd import Function

    class StudentCall(Function):
        """A call answered by the student's process."""

        @staticmethod
        def forward(ctx, token, outputs, missing, anchor, *inputs):
            ctx.set_materialize_grads(False)
            ctx.token, ctx.missing, ctx.inputs = token, missing, inputs
            return tuple(outputs)

        @staticmethod
        def backward(ctx, *grads):
            found = product(ctx.token, grads, ctx.inputs, ctx.missing)
            if is_grad_enabled():
                found = [None if one is None else Once.apply(one, *ctx.inputs) for one in found]
            return None, None, None, None, *found

    class Once(Function):
        """A gradient that has none of its own."""

        @staticmethod
        def forward(ctx, grad, *inputs):
            ctx.count = len(inputs)
            return grad.clone()

        @staticmethod
        def backward(ctx, *_):
            raise RuntimeError(
                "second derivatives do not pass between test and student: let the student's function take the "
                "gradient itself, or compare first derivatives"
            )

    return StudentCall, Once


def product(token: Token, grads: tuple, inputs: tuple, missing: list[bool]) -> list:
    """The vector-Jacobian product, from the student's process.

    Raises:
        ProtocolError: if a gradient does not fit its input.
    """
    found = token.session.ask("vjp", token.number, [None if one is None else one.detach() for one in grads])
    if type(found) is not list or len(found) != len(inputs):
        raise ProtocolError(f"expected {len(inputs)} gradients")
    torch = sys.modules["torch"]
    for grad, one, gone in zip(found, inputs, missing, strict=True):
        if grad is None or gone:
            continue
        if type(grad) is not torch.Tensor or grad.shape != one.shape or grad.dtype != one.dtype:
            raise ProtocolError(f"a gradient that does not fit an input of shape {tuple(one.shape)}")
    return [None if gone else grad for grad, gone in zip(found, missing, strict=True)]
