"""Random numbers in two processes as if they were one: a seed set in the test holds for the student's code.

Before a call the test's generators are compared with what was last sent; where they differ, their state goes along.
The other way nothing but "used" comes back, or the student's process would choose the test's inputs; a generator
that was used is then set, in the test, to a state that it draws itself. So the same seed gives the same numbers, and
two calls in a row give different ones.
"""

import ctypes
import random
import sys

SPAN = 1 << 62
TWISTER = 624 * 4 + 4  # bytes of a Mersenne Twister: its words and the position among them


def prints() -> dict[str, object]:
    """What tells the states of the loaded generators apart; quicker than the states."""
    words = random.getstate()[1]
    found: dict[str, object] = {"random": (words[-1], words[0], words[1], words[397])}
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy.random")
    if torch is not None:
        found["torch"] = torch.get_rng_state().numpy().tobytes()
    if numpy is not None:
        source = numpy.get_bit_generator()
        if type(source).__name__ == "MT19937":  # its bytes are there at once; get_state takes 30 microseconds
            found["numpy"] = ctypes.string_at(source.ctypes.state_address, TWISTER)
        else:
            found["numpy"] = repr(source.state)
    return found


def read(name: str) -> object:
    """The state of a loaded generator, as plain values."""
    if name == "random":
        return random.getstate()
    if name == "torch":
        return sys.modules["torch"].get_rng_state().numpy().tobytes()
    kind, keys, *rest = sys.modules["numpy.random"].get_state()
    return (kind, keys.tobytes(), *rest)


def write(states: dict[str, object]) -> None:
    """Set generators to states that `read` gave."""
    for name, state in states.items():
        if name == "random":
            random.setstate(state)
        elif name == "torch":
            import torch

            torch.set_rng_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))
        elif name == "numpy":
            import numpy

            kind, keys, *rest = state
            numpy.random.set_state((kind, numpy.frombuffer(keys, numpy.uint32), *rest))


def renew(name: str) -> None:
    """Set a generator to a state of its own drawing; other names are passed over."""
    if name == "random":
        random.seed(random.getrandbits(64))
    elif name == "torch" and "torch" in sys.modules:
        torch = sys.modules["torch"]
        torch.default_generator.manual_seed(int(torch.randint(SPAN, ())))
    elif name == "numpy" and "numpy.random" in sys.modules:
        numpy = sys.modules["numpy.random"]
        numpy.seed(numpy.randint(1 << 32, dtype="uint32"))


class Randomness:
    """One side's memory of the generators."""

    def __init__(self) -> None:
        self.last: dict[str, object] = {}

    def changed(self) -> list[str]:
        """The generators whose state differs from the last one seen."""
        now = prints()
        found = [name for name, one in now.items() if self.last.get(name) != one]
        self.last = now
        return found

    def news(self) -> dict[str, object]:
        """The states that differ from the last ones seen."""
        return {name: read(name) for name in self.changed()}

    def set(self, states: dict[str, object]) -> None:
        """Take over states from the other side."""
        if states:
            write(states)
            self.last = prints()
