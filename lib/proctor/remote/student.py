"""The student's side: answers the test's questions, one at a time.

State (objects that the test holds, graphs, the connection) is kept between the rounds of `serve`.
"""

import signal
import sys
import threading
from contextlib import ExitStack, contextmanager

from proctor.remote import errors
from proctor.remote.arrays import GRAPH, PARAMETER, REQUIRES_GRAD, decode_tensors
from proctor.remote.effects import Watched
from proctor.remote.exports import Exports
from proctor.remote.graphs import recorded
from proctor.remote.operations import OPERATIONS
from proctor.remote.randomness import Randomness
from proctor.remote.values import Decoder
from proctor.remote.wire import Connection

STUDENTS: dict[int, "Student"] = {}


def serve(namespace: dict, descriptor: int) -> None:
    """Answer questions about a notebook until the test says that its cell is over, or is gone.

    While the student's code runs, an interrupt (SIGINT) stops that code and is told to the test; while this waits
    for a question it means nothing. Call it in the main thread.

    Args:
        namespace: of the student's cells.
        descriptor: of a connected stream socket, always the same one.
    """
    if descriptor not in STUDENTS:
        STUDENTS[descriptor] = Student(Connection(descriptor))
    STUDENTS[descriptor].serve(namespace)


class Question:
    """A question as it is being answered.

    Args:
        operands: decoded.
        watched: its arguments as they arrived.
        leaves: for each of its tensors the leaf in this process, or None.
    """

    def __init__(self, operands: tuple, watched: Watched, leaves: list) -> None:
        self.operands, self.watched, self.leaves = operands, watched, leaves


class Student:
    """One connection to a test's process.

    Args:
        connection: this side's end.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.exports = Exports(self.ask)
        self.graphs: dict[int, object] = {}
        self.random = Randomness()
        self.namespace: dict = {}
        self.count = 0
        self.current = 0
        self.running = False
        self.interrupted = False

    def serve(self, namespace: dict) -> None:
        """As the function of this name."""
        self.namespace = namespace
        self.random.changed()
        with self.interrupts():
            try:
                while True:
                    message, buffers = self.connection.receive()
                    if message[0] == "end":
                        return
                    self.answer(message, buffers)
            except (EOFError, OSError):
                return

    @contextmanager
    def interrupts(self):
        """Have interrupts stop the student's code, and nothing else."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self.interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def interrupt(self, *_) -> None:
        """Handle SIGINT."""
        if self.running:
            raise KeyboardInterrupt
        self.interrupted = True

    def answer(self, message: list, buffers: list) -> None:
        """Answer one question, whatever the student's code does."""
        _, number, operation, operands, context, records, released, tensors = message
        outer, self.current, self.interrupted = self.current, number, False
        self.release(*released)
        rules: list = []
        question = failure = value = None
        try:
            question = self.read(operands, records, tensors, buffers)
            with ExitStack() as stack:
                rules = self.prepare(context, stack, buffers)
                try:
                    self.running = True
                    value = OPERATIONS[operation](self, *question.operands)
                finally:
                    self.running = False
        except BaseException as error:  # an interrupt or an exit of the student's, too
            self.running = False
            failure = self.describe(error)
        self.current = outer
        self.reply(number, value, failure, question, rules)

    def read(self, operands: object, records: list, table: list, buffers: list) -> Question:
        """Decode a question's operands."""
        tensors, before, leaves = received(table, buffers)
        self.exports.live_update(records, before)
        decoder = Decoder(buffers, tensors, self.exports.special, sharing=True)
        decoded = decoder.decode(operands)
        return Question(decoded, Watched(decoder.objects, tensors, before, [line[4] for line in table]), leaves)

    def prepare(self, context: list, stack: ExitStack, buffers: list) -> list:
        """Set up what holds in the test: random states, gradient mode, default dtype, rules."""
        modes, rules, states = context
        self.random.set(Decoder(buffers, [], self.exports.special, sharing=True).decode(states))
        if modes is not None:
            import torch

            grad, inference, dtype = modes
            if torch.get_default_dtype() is not getattr(torch, dtype):
                stack.callback(torch.set_default_dtype, torch.get_default_dtype())
                torch.set_default_dtype(getattr(torch, dtype))
            if torch.is_inference_mode_enabled() != inference:
                stack.enter_context(torch.inference_mode(inference))
            stack.enter_context(torch.set_grad_enabled(grad))
        if not rules:
            return []
        from proctor.rules import Without

        watches = [Without(tuple(names)) for names in rules]
        for watch in watches:
            watch.start()
            stack.callback(watch.stop)
        return watches

    def reply(self, number: int, value: object, failure: list | None, question: Question | None, rules: list) -> None:
        """Send an answer; if the value cannot cross, say that instead."""
        broken = next(([i, one.used] for i, one in enumerate(rules) if one.used), None)
        for attempt in ("value", "failure", "failure alone"):
            encoder = self.exports.encoder(question.watched.references() if question else {})
            try:
                written = failure or encoder.encode(value)
                changes = [[], []]
                if question is not None and attempt != "failure alone":
                    changes = question.watched.changes(encoder)
                graph = None if failure else self.graph(encoder, question)
                state = [*self.exports.state(encoder)] if attempt != "failure alone" else [[], []]
                used = self.random.changed()
                answer = ["!", number, failure is None, written, changes, *state, graph, used, broken, encoder.tensors]
                self.connection.send(answer, encoder.buffers)
                return
            except OSError:
                raise
            except BaseException as error:  # a hostile value may raise anything while it is looked at
                failure = self.describe(error)

    def graph(self, encoder, question: Question | None) -> list | None:
        """Keep the graph of an answer's tensors; returns the words for it, None if there is none."""
        outputs = [(i, one) for i, one in enumerate(encoder.originals) if one.grad_fn is not None and one.requires_grad]
        if not outputs:
            return None
        self.count += 1
        found = recorded([one for _, one in outputs], question.leaves, self.exports.live)
        self.graphs[self.count] = found
        return [self.count, [i for i, _ in outputs], list(found.arguments), list(found.live)]

    def release(self, objects: list[int], tensors: list[int], graphs: list[int]) -> None:
        """Forget what the test holds no longer."""
        self.exports.release(objects, tensors)
        for number in graphs:
            self.graphs.pop(number, None)

    def describe(self, error: BaseException) -> list:
        """An exception as plain values, even if it resists."""
        try:
            return errors.described(error, self.namespace)
        except BaseException:
            return ["object", [], "an exception that cannot be described", [], ""]

    def ask(self, use: str, key: int, *operands: object) -> object:
        """Use something of the test's, from within the student's code; answers the test's questions meanwhile."""
        running, self.running = self.running, False
        try:
            encoder = self.exports.encoder({})
            self.count += 1
            number = self.count
            written = encoder.encode(operands)
            message = ["^", number, self.current, use, key, written, *self.exports.state(encoder), encoder.tensors]
            self.connection.send(message, encoder.buffers)
            while True:
                answer, buffers = self.connection.receive()
                if answer[0] == "v" and answer[1] == number:
                    break
                interrupted = self.interrupted
                self.answer(answer, buffers)
                self.interrupted = interrupted
        finally:
            self.running = running
        if self.interrupted:
            raise KeyboardInterrupt
        _, _, success, value, records, table = answer
        if not success:
            raise errors.closest(value[1], value[0], value[2])
        tensors, before, _ = received(table, buffers)
        self.exports.live_update(records, before)
        return Decoder(buffers, tensors, self.exports.special, sharing=True).decode(value)


def received(table: list, buffers: list) -> tuple[list, list, list]:
    """The tensors of a message for the student's code, the same untouched, and the leaves behind them."""
    if not table:
        return [], [], []
    torch = sys.modules.get("torch") or __import__("torch")
    before = decode_tensors(table, buffers, copy=False)
    tensors, leaves = [], []
    with torch.inference_mode(False), torch.enable_grad():
        for plain, (_, _, _, flags, _) in zip(before, table, strict=True):
            leaf = plain.clone()
            if flags & PARAMETER:
                leaf = torch.nn.Parameter(leaf, requires_grad=False)
            if flags & (REQUIRES_GRAD | GRAPH):
                leaf.requires_grad_()
            leaves.append(leaf if leaf.requires_grad else None)
            # no leaf there, no leaf here: what may be done to the one in place may be done to the other
            tensors.append(leaf.clone() if flags & GRAPH else leaf)
        for tensor, (_, _, _, _, grad) in zip(tensors, table, strict=True):
            if grad is not None:
                tensor.grad = tensors[grad]
    return tensors, before, leaves
