"""JSON and descriptors over a socket."""

import asyncio
import os
import socket
import threading

import pytest

from proctor.kernels import messages
from tests.proctor.loops import run as in_a_thread


@pytest.fixture
def pair():
    """Two connected sockets."""
    here, there = socket.socketpair()
    yield here, there
    here.close()
    there.close()


@pytest.mark.parametrize("message", [None, [], {"a": [1, 2.5, "ü"]}, "x" * 3_000_000])
def test_there_and_back(pair, message):
    here, there = pair
    sender = threading.Thread(target=messages.send, args=(here, message))
    sender.start()
    assert messages.receive(there) == (message, [])
    sender.join()


def test_the_same_without_holding_up_the_loop(pair):
    here, there = pair

    async def run():
        sending = asyncio.ensure_future(messages.send_async(here, "y" * 3_000_000))
        found = await messages.receive_async(there)
        await sending
        return found

    assert in_a_thread(run()) == ("y" * 3_000_000, [])


def test_descriptors_travel(pair, tmp_path):
    here, there = pair
    (tmp_path / "a").write_text("content")
    with open(tmp_path / "a") as file:
        messages.send(here, "take this", (file.fileno(),))
    message, (descriptor,) = messages.receive(there)
    assert (message, os.read(descriptor, 99)) == ("take this", b"content")
    os.close(descriptor)


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\x09[1,", b"\xff\xff\xff\xff"])
def test_the_other_side_is_gone_or_sends_too_much(pair, sent):
    here, there = pair
    here.sendall(sent)
    here.shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        messages.receive(there)
    with socket.socketpair()[0] as closed, pytest.raises((EOFError, OSError)):
        in_a_thread(messages.receive_async(closed))
