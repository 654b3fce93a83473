"""Messages over a socket: JSON and raw buffers, in frames that an interrupt cannot tear.

A frame is a prefix (bytes of JSON, number of buffers, bytes after the prefix), the buffers' lengths, the JSON, and
the buffers, each padded to `ALIGN` bytes.
"""

import json
import select
import socket
import struct

from proctor.remote.errors import ProtocolError

LIMIT = 256 << 20  # bytes of one message
JSON_LIMIT = 32 << 20  # bytes of its JSON, which grows twentyfold in memory
BUFFERS = 100_000
ALIGN = 16
PREFIX = struct.Struct(">IIQ")
LENGTH = struct.Struct(">Q")
JOINED = 64 << 10  # below this size one copy is cheaper than handing over many buffers
AT_ONCE = 512  # buffers in one system call; the system's own limit is 1024

encode = json.JSONEncoder(check_circular=False, allow_nan=False, separators=(",", ":")).encode


def refuse(what: object) -> None:
    """Stop the reading of JSON at something that no message holds: an object, NaN."""
    raise ValueError(f"unexpected {type(what).__name__} in JSON")


decode = json.JSONDecoder(object_pairs_hook=refuse, parse_constant=refuse).decode


class Frame:
    """A frame on its way in.

    Args:
        size: bytes to read.
        json_size: bytes of JSON; None while the prefix is read.
        buffers: number of buffers.
    """

    def __init__(self, size: int = PREFIX.size, json_size: int | None = None, buffers: int = 0) -> None:
        self.bytes = bytearray(size)
        self.json_size = json_size
        self.buffers = buffers
        self.counts: list[int] = []

    @property
    def complete(self) -> bool:
        """Whether a whole message is there."""
        return self.json_size is not None and sum(self.counts) == len(self.bytes)


class Connection:
    """One end of a socket pair.

    An interrupt (KeyboardInterrupt) may stop `send` and `receive` anywhere: the next call goes on where they were.

    Args:
        descriptor: of a connected stream socket; owned from now on.
    """

    def __init__(self, descriptor: int) -> None:
        self.socket = socket.socket(fileno=descriptor)
        self.socket.setblocking(True)
        self.reading = Frame()
        self.waiting: list[memoryview] = []
        self.sent: list[int] = []

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def send(self, message: list, buffers: list) -> None:
        """Send one message.

        Args:
            message: lists, strings, ints, finite floats, bools, None.
            buffers: bytes-like, any number.

        Raises:
            ValueError: if the message is too large; nothing was sent.
            OSError: if the other side is gone.
        """
        parts = framed(encode(message).encode("ascii"), [memoryview(one).cast("B") for one in buffers])
        self.flush()
        self.waiting, self.sent = parts, []
        self.flush()

    def flush(self) -> None:
        """Send what an interrupted `send` left."""
        while self.waiting:
            left = after(self.waiting, sum(self.sent))
            self.waiting, self.sent = left, []
            if not left:
                return
            try:
                # one call of C, so that no interrupt falls between the sending and the noting
                self.sent.extend(map(self.socket.sendmsg, (left[:AT_ONCE],), ((),), (socket.MSG_DONTWAIT,)))
            except BlockingIOError:
                self.make_room()

    def make_room(self) -> None:
        """Wait until the socket takes more; meanwhile read, as the other side may be waiting for that."""
        poll = select.poll()
        poll.register(self.socket, select.POLLOUT | (0 if self.reading.complete else select.POLLIN))
        (_, events), *_ = poll.poll()
        if events & select.POLLIN and not events & select.POLLOUT:
            self.read(socket.MSG_DONTWAIT)

    def receive(self) -> tuple[list, list[memoryview]]:
        """Wait for one message.

        Returns:
            The message, and its buffers (views of one writable block).

        Raises:
            EOFError: if the other side is gone.
            ProtocolError: if the bytes are no message; the connection is then of no more use.
        """
        while not self.reading.complete:
            self.read()
        frame, self.reading = self.reading, Frame()
        return unpacked(frame)

    def read(self, flags: int = 0) -> None:
        """Read once; after the prefix make room for the rest."""
        frame = self.reading
        done = sum(frame.counts)
        if done < len(frame.bytes):
            view = memoryview(frame.bytes)[done:]
            frame.counts = [done]
            frame.counts.extend(map(self.socket.recv_into, (view,), (0,), (flags,)))  # one call, as in `flush`
            if frame.counts[-1] == 0:
                raise EOFError("the other side closed the connection")
        if frame.json_size is None and sum(frame.counts) == len(frame.bytes):
            self.reading = announced(frame.bytes)


def framed(text: bytes, buffers: list[memoryview]) -> list[memoryview]:
    """A message as the pieces to send."""
    lengths = [len(one) for one in buffers]
    start = LENGTH.size * len(lengths) + len(text)
    size = start + padding(start) + sum(n + padding(n) for n in lengths)
    if size > LIMIT or len(text) > JSON_LIMIT or len(lengths) > BUFFERS:
        raise ValueError(
            f"a message of {size / 2**20:.0f} MiB cannot cross between test and student: at most {LIMIT >> 20} MiB "
            f"({JSON_LIMIT >> 20} MiB without tensors and arrays) can; use smaller values"
        )
    table = b"".join(map(LENGTH.pack, lengths))
    pieces = [PREFIX.pack(len(text), len(lengths), size), table, text, bytes(padding(start))]
    for buffer in buffers:
        pieces += [buffer, bytes(padding(len(buffer)))]
    if size < JOINED:
        return [memoryview(b"".join(pieces))]
    return [memoryview(piece) for piece in pieces if len(piece)]


def padding(size: int) -> int:
    """Bytes up to the next multiple of `ALIGN`."""
    return -size % ALIGN


def after(pieces: list[memoryview], count: int) -> list[memoryview]:
    """What is left of the pieces after the first `count` bytes."""
    for i, piece in enumerate(pieces):
        if count < len(piece):
            return [piece[count:], *pieces[i + 1 :]]
        count -= len(piece)
    return []


def announced(prefix: bytearray) -> Frame:
    """The frame that a prefix announces.

    Raises:
        ProtocolError: if it is larger than allowed.
    """
    json_size, buffers, size = PREFIX.unpack(prefix)
    if size > LIMIT or json_size > JSON_LIMIT or buffers > BUFFERS or json_size + LENGTH.size * buffers > size:
        raise ProtocolError(f"a frame of {size} bytes with {json_size} of JSON and {buffers} buffers is not allowed")
    return Frame(size, json_size, buffers)


def unpacked(frame: Frame) -> tuple[list, list[memoryview]]:
    """A frame's JSON and buffers.

    Raises:
        ProtocolError: if they do not fill the frame, or the JSON is none.
    """
    view = memoryview(frame.bytes)
    start = LENGTH.size * frame.buffers
    lengths = struct.unpack_from(f">{frame.buffers}Q", view)
    text = bytes(view[start : start + frame.json_size])
    start += frame.json_size
    start += padding(start)
    if start + sum(n + padding(n) for n in lengths) != len(view):
        raise ProtocolError("a frame's buffers do not fill it")
    buffers = []
    for length in lengths:
        buffers.append(view[start : start + length])
        start += length + padding(length)
    try:
        message = decode(text.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"a message that is no JSON of lists: {type(error).__name__}") from None
    if type(message) is not list:
        raise ProtocolError(f"expected a list as message, got {type(message).__name__}")
    return message, buffers
