"""Messages between the processes that run a submission: JSON, with file descriptors where needed.

A message is a length of 4 bytes, big-endian, then that much JSON. Descriptors travel with the length.
"""

import asyncio
import json
import os
import socket
import struct
from typing import Any

LENGTH = struct.Struct(">I")
LARGEST = 1 << 30  # bytes of one message
DESCRIPTORS = 16  # of one message


def send(channel: socket.socket, message: Any, descriptors: tuple[int, ...] = ()) -> None:
    """Send a message.

    Args:
        channel: a connected, blocking Unix socket.
        message: anything that JSON can hold.
        descriptors: open files that the other side gets copies of.
    """
    body = json.dumps(message).encode()
    socket.send_fds(channel, [LENGTH.pack(len(body))], descriptors)
    channel.sendall(body)


def receive(channel: socket.socket) -> tuple[Any, list[int]]:
    """Wait for a message.

    Returns:
        The message, and the descriptors that came with it.

    Raises:
        EOFError: if the other side is gone.
    """
    head, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, DESCRIPTORS)
    try:
        head += exactly(channel, LENGTH.size - len(head)) if head else b""
        if not head:
            raise EOFError("the other process is gone")
        return json.loads(exactly(channel, size_of(head))), descriptors
    except BaseException:
        for descriptor in descriptors:
            os.close(descriptor)
        raise


def exactly(channel: socket.socket, size: int) -> bytes:
    """Read so many bytes, or raise EOFError."""
    parts = []
    while size:
        part = channel.recv(min(size, 1 << 20))
        if not part:
            raise EOFError("the other process is gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def size_of(head: bytes) -> int:
    """The length that a message begins with."""
    (size,) = LENGTH.unpack(head)
    if size > LARGEST:
        raise EOFError(f"a message of {size} bytes is more than the {LARGEST} allowed")
    return size


async def receive_async(channel: socket.socket) -> tuple[Any, list[int]]:
    """As `receive`, without holding up the event loop.

    Args:
        channel: left non-blocking.
    """
    loop = asyncio.get_running_loop()
    channel.setblocking(False)
    while True:
        try:
            head, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, DESCRIPTORS)
            break
        except BlockingIOError:
            await readable(channel)
    if len(head) < LENGTH.size:
        raise EOFError("the other process is gone")
    size, parts = size_of(head), []
    while size:
        part = await loop.sock_recv(channel, min(size, 1 << 20))
        if not part:
            raise EOFError("the other process is gone")
        parts.append(part)
        size -= len(part)
    return json.loads(b"".join(parts)), descriptors


async def readable(channel: socket.socket | int) -> None:
    """Wait until there is something to read."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(channel, lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(channel)


async def send_async(channel: socket.socket, message: Any) -> None:
    """Send a message without descriptors, without holding up the event loop."""
    body = json.dumps(message).encode()
    channel.setblocking(False)
    await asyncio.get_running_loop().sock_sendall(channel, LENGTH.pack(len(body)) + body)
