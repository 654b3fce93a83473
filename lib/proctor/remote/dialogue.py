"""The test's side of the connection: asks one question at a time, serves the student's code meanwhile."""

import sys

from proctor.remote import effects, errors, gradients
from proctor.remote.arrays import decode_tensors
from proctor.remote.errors import ProtocolError, StudentDied
from proctor.remote.holdings import Holdings
from proctor.remote.randomness import Randomness, renew
from proctor.remote.values import Decoder, Encoder
from proctor.remote.wire import Connection


class Dialogue(Holdings):
    """One connection to a student's process.

    Args:
        connection: this side's end.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection
        self.number = 0
        self.abandoned: set[int] = set()
        self.failure: Exception | None = None
        self.random = Randomness()
        self.rules: list = []
        self.cells: list[str] = []

    def ask(self, operation: str, *operands: object) -> object:
        """Have the student's process do something.

        Args:
            operation: one of `operations.OPERATIONS`.
            operands: values that can cross, and stand-ins.

        Returns:
            The result; what the student's code did to the operands is done to them.

        Raises:
            TypeError, ValueError: if an operand cannot cross.
            StudentDied: if the process is gone. ProtocolError: if its answer is none.
            Exception: what the student's code raised; see `errors`.
        """
        if self.failure is not None:
            raise type(self.failure)(str(self.failure))
        encoder = self.encoder()
        written = encoder.encode(operands)
        self.number += 1
        number = self.number
        known = len(encoder.originals)
        context = self.context(encoder)
        message = ["?", number, operation, written, context, self.records(encoder), self.dropped(), encoder.tensors]
        rules = list(self.rules)
        answer, buffers = self.exchange(number, operation, message, encoder.buffers)
        return self.read(answer, buffers, encoder, known, rules)

    def exchange(self, number: int, operation: str, message: list, buffers: list) -> tuple[list, list]:
        """Send a question and wait for its answer; serve the student's code meanwhile."""
        try:
            self.connection.send(message, buffers)
            while True:
                answer, received = self.connection.receive()
                if answer[:1] == ["^"] and len(answer) == 9:
                    self.serve(answer, received, number)
                elif answer[:2] == ["!", number]:
                    return answer, received
                elif answer[:1] == ["!"] and len(answer) > 1 and answer[1] in self.abandoned:
                    self.abandoned.discard(answer[1])
                else:
                    raise ProtocolError("the student's process answered a question that was not asked")
        except ValueError:
            for entry in self.live.entries.values():
                entry.content = None  # what this message was to tell has not arrived
            raise
        except (EOFError, OSError):
            self.failure = StudentDied(f"the student's process ended while the test waited for it ({operation})")
            raise type(self.failure)(str(self.failure)) from None
        except ProtocolError as error:
            self.failure = error
            self.connection.close()
            raise
        except BaseException:  # an interrupt: the answer may still come
            self.abandoned.add(number)
            raise

    def serve(self, message: list, buffers: list, number: int) -> None:
        """Run something of the test's for the student's code.

        Raises:
            ProtocolError: if the message is malformed, or asks for what was not given.
        """
        _, callback, parent, use, key, operands, layouts, records, table = message
        if type(callback) is not int or type(parent) is not int or (parent != number and parent not in self.abandoned):
            raise ProtocolError("the student's process called the test out of turn")
        tensors = decode_tensors(table, buffers)
        alive = self.update(layouts, records, tensors)
        decoder = Decoder(buffers, tensors, self.special([], []), sharing=False)
        encoder = self.encoder()
        given = decoder.decode(operands)
        if type(given) is not tuple or type(use) is not str:
            raise ProtocolError("the student's process called the test without arguments")
        del alive
        stopping = None
        try:
            if parent != number:
                raise InterruptedError("the test no longer waits for this function")
            success, value = True, encoder.encode(self.callbacks.use(use, key, given))
        except ProtocolError:
            raise
        except BaseException as error:
            success, value = False, errors.described(error, {})
            stopping = None if isinstance(error, Exception) else error
        records = self.records(encoder)
        self.connection.send(["v", callback, success, value, records, encoder.tensors], encoder.buffers)
        if stopping is not None:
            raise stopping

    def read(self, answer: list, buffers: list, encoder: Encoder, known: int, rules: list) -> object:
        """The value of an answer, or its exception."""
        if len(answer) != 11:
            raise ProtocolError("an answer without its eleven parts")
        _, _, success, value, changes, layouts, records, graph, used, broken, table = answer
        tensors = decode_tensors(table, buffers)
        alive = self.update(layouts, records, tensors)
        arguments = encoder.originals[:known]
        tensors = gradients.attach(self, graph, tensors, arguments)
        decoder = Decoder(buffers, tensors, self.special(encoder.objects, arguments), sharing=False)
        effects.apply(changes, encoder.objects, arguments, decoder)
        if type(used) is not list or type(success) is not bool:
            raise ProtocolError("an answer whose parts are of the wrong kind")
        for name in {one for one in used if type(one) is str}:
            renew(name)
        if broken is not None:
            raise violation(broken, rules)
        if not success:
            raise errors.rebuilt(value) from None
        result = decoder.decode(value)
        del alive
        return result

    def context(self, encoder: Encoder) -> list:
        """What holds here and shall hold there: gradient mode, default dtype, rules, random states."""
        torch = sys.modules.get("torch")
        modes = None
        if torch is not None:
            dtype = str(torch.get_default_dtype()).removeprefix("torch.")
            modes = [torch.is_grad_enabled(), torch.is_inference_mode_enabled(), dtype]
        return [modes, [list(rule.modules) for rule in self.rules], encoder.encode(self.random.news())]


def violation(broken: object, rules: list) -> Exception:
    """The error for a rule that the student's code broke.

    Args:
        broken: index of the rule, what was used; from the student's process: checked.
        rules: those that held during the question.
    """
    fine = type(broken) is list and len(broken) == 2 and type(broken[0]) is int and type(broken[1]) is str
    if not fine or not 0 <= broken[0] < len(rules):
        raise ProtocolError("a broken rule that there is not")
    return rules[broken[0]].violation(broken[1][:200])
