"""Frames: whole or not at all, whatever interrupts and whatever the other side sends."""

import os
import signal
import socket
import struct
import threading
import time

import pytest

from proctor.remote import wire
from proctor.remote.errors import ProtocolError
from proctor.remote.wire import Connection


@pytest.fixture
def pair():
    """Two connected ends."""
    a, b = socket.socketpair()
    ends = Connection(a.detach()), Connection(b.detach())
    yield ends
    for end in ends:
        end.close()


@pytest.fixture
def raw():
    """A bare socket, and the connection at its other end."""
    a, b = socket.socketpair()
    end = Connection(b.detach())
    with a:
        yield a, end
    end.close()


@pytest.mark.parametrize("buffers", [[], [b""], [b"abc"], [b"", b"x" * 17, bytearray(16)], [bytes(3 << 20), b"end"]])
def test_round_trip(pair, buffers):
    message = ["x", 1, -0.0, None, True, "é\ud800", [[]]]
    sender = threading.Thread(target=pair[0].send, args=(message, buffers))
    sender.start()
    received, parts = pair[1].receive()
    sender.join()
    assert received == message
    assert [bytes(part) for part in parts] == [bytes(one) for one in buffers]


def test_several_in_a_row(pair):
    for i in range(3):
        pair[0].send([i], [bytes([i])])
    assert [pair[1].receive()[0] for _ in range(3)] == [[0], [1], [2]]


def test_buffers_are_aligned(pair):
    pair[0].send(["x"], [b"a", b"b" * 8, b"c"])
    _, parts = pair[1].receive()
    for part in parts:
        address = struct.unpack("P", struct.pack("P", memory_address(part)))[0]
        assert address % 8 == 0


def memory_address(view: memoryview) -> int:
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(view))


@pytest.mark.parametrize(
    "frame",
    [
        wire.PREFIX.pack(2, 0, 1 << 60),
        wire.PREFIX.pack(0xFFFFFFFF, 0, 1 << 20),
        wire.PREFIX.pack(2, 0xFFFFFFFF, 1 << 20),
        wire.PREFIX.pack(2, 1, 3),
        wire.PREFIX.pack(2, 1, 32) + wire.LENGTH.pack(1 << 63) + bytes(24),
        wire.PREFIX.pack(2, 0, 32) + b"[]" + bytes(30),
        wire.PREFIX.pack(16, 0, 16) + b"\xff" * 16,
        wire.PREFIX.pack(16, 0, 16) + b'{"a": 1}'.ljust(16),
        wire.PREFIX.pack(16, 0, 16) + b"[NaN]".ljust(16),
        wire.PREFIX.pack(16, 0, 16) + b"[1, 2".ljust(16),
        wire.PREFIX.pack(16, 0, 16) + b"3".ljust(16),
        wire.PREFIX.pack(1 << 20, 0, 1 << 20) + b"[" * (1 << 20),
        wire.PREFIX.pack(1 << 13, 0, 1 << 13) + b"[" + b"9" * ((1 << 13) - 2) + b"]",
    ],
    ids=range(13),
)
def test_not_a_message(raw, frame):
    bare, end = raw
    threading.Thread(target=bare.sendall, args=(frame,)).start()
    with pytest.raises(ProtocolError):
        end.receive()


def test_truncated(raw):
    bare, end = raw
    bare.sendall(wire.PREFIX.pack(100, 0, 112) + b"[1")
    bare.shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        end.receive()


def test_too_large_to_send(pair):
    with pytest.raises(ValueError, match="300 MiB cannot cross"):
        pair[0].send(["x"], [memoryview(bytearray(1)).cast("B")] + [bytearray(100 << 20)] * 3)
    pair[0].send(["next"], [])
    assert pair[1].receive()[0] == ["next"]


class Armed:
    """Interrupts raise in the block, and nowhere else in the test run."""

    def __init__(self):
        self.armed, self.raised = False, 0
        self.before = signal.signal(signal.SIGINT, self.handle)

    def handle(self, *_):
        if self.armed:
            raise KeyboardInterrupt

    def tries(self, step):
        """Run a step; whether it came to its end."""
        try:
            try:
                self.armed = True
                step()
            finally:
                self.armed = False
        except KeyboardInterrupt:
            self.armed = False
            self.raised += 1
            return False
        return True


def test_interrupts_tear_no_frame(pair):
    """One end is interrupted all the time; every message arrives, once and whole."""
    count, size, received, stop = 30, 1 << 20, [], threading.Event()
    interrupts = Armed()

    def tease():
        while not stop.wait(0.001):
            os.kill(os.getpid(), signal.SIGINT)

    def answer():
        for _ in range(count):
            pair[1].send(*pair[1].receive())

    def receive():
        message, (content,) = pair[0].receive()
        received.append((message, bytes(content) == bytes([message[0]]) * size))

    threads = [threading.Thread(target=tease), threading.Thread(target=answer)]
    try:
        for thread in threads:
            thread.start()
        for i in range(count):
            pair[0].waiting = [*wire.framed(f"[{i}]".encode(), [memoryview(bytes([i]) * size)])]
            pair[0].sent = []
            while not interrupts.tries(pair[0].flush):
                pass
            while len(received) == i:
                interrupts.tries(receive)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        signal.signal(signal.SIGINT, interrupts.before)
    assert received == [([i], True) for i in range(count)]
    assert interrupts.raised


def test_both_sides_send_at_once(pair):
    """A large message each way at the same time, as after an interrupt: neither waits for ever."""
    big = bytes(8 << 20)
    other = threading.Thread(target=lambda: (time.sleep(0.05), pair[1].send(["b"], [big]), pair[1].receive()))
    other.start()
    pair[0].send(["a"], [big])
    assert pair[0].receive()[0] == ["b"]
    other.join(600)  # a net: it waits for nothing
    assert not other.is_alive()
