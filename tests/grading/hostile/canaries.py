"""What must stay as it is while strangers are graded: listeners that hear nothing, files, processes."""

import ctypes
import hashlib
import os
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Listeners:
    """Sockets of this process that a student may try to reach.

    Args:
        tcp: a port on 127.0.0.1.
        udp: another.
        socket: path of a unix socket.
        abstract: name of one without a path.
        heard: who was called, and what was said.
    """

    tcp: int
    udp: int
    socket: str
    abstract: str
    heard: list[str] = field(default_factory=list)


@contextmanager
def listening(path: Path) -> Iterator[Listeners]:
    """Listen on all of them, in a thread.

    Args:
        path: where the unix socket goes; short, as such paths must be.
    """
    kinds = {
        "TCP": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        "UDP": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "unix": (socket.AF_UNIX, socket.SOCK_STREAM, str(path)),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0hostile-{os.getpid()}-{time.monotonic_ns()}"),
    }
    sockets = {}
    for name, (family, kind, address) in kinds.items():
        sockets[name] = socket.socket(family, kind)
        sockets[name].bind(address)
        if kind == socket.SOCK_STREAM:
            sockets[name].listen()
    path.chmod(0o777)
    ports = [sockets[name].getsockname()[1] for name in ("TCP", "UDP")]
    listeners = Listeners(*ports, str(path), kinds["abstract"][2].removeprefix("\0"))
    done = threading.Event()
    thread = threading.Thread(target=listen, args=(sockets, listeners.heard, done))
    thread.start()
    try:
        yield listeners
    finally:
        done.set()
        thread.join()
        for one in sockets.values():
            one.close()


def listen(sockets: dict[str, socket.socket], heard: list[str], done: threading.Event) -> None:
    """Note every call until `done`."""
    with selectors.DefaultSelector() as selector:
        for name, one in sockets.items():
            selector.register(one, selectors.EVENT_READ, name)
        while not done.is_set():
            for key, _ in selector.select(0.2):
                if key.data == "UDP":
                    heard.append(f"UDP: {key.fileobj.recv(100)!r}")
                else:
                    heard.append(key.data)
                    key.fileobj.accept()[0].close()


def snapshot(folder: Path) -> dict[str, str]:
    """Every path below a folder, with what is there; links are not followed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"link to {os.readlink(path)}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[name] = "folder" if path.is_dir() else "special"
    return found


def adopt_orphans() -> None:
    """Become the parent of what descendants leave behind, so that `children` sees it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children() -> set[int]:
    """The living children of this process."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue  # no process, or one that has just ended
        if int(parent) == os.getpid() and state != "Z":
            found.add(int(entry.name))
    return found


def left(before: set[int], patience: float = 120) -> dict[int, str]:
    """Children that were not there before and do not end: process id -> command.

    Args:
        before: the children that were there.
        patience: seconds that those which have been killed have to be gone; a busy machine comes to it late.
    """
    end = time.monotonic() + patience
    while (new := children() - before) and time.monotonic() < end:
        time.sleep(0.1)
    commands = {}
    for one in new:
        try:
            commands[one] = Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return commands
