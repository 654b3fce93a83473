"""The process that imports, then forks an IPython kernel for each request; see `handle.WarmServer`, which starts it.

What a fork finds differs from what a new process finds only in that modules are loaded. So the server runs nothing but
imports, and where they started a thread, printed or warned it serves nobody: what they did belongs to a page.
"""

import contextlib
import gc
import importlib
import itertools
import json
import os
import random
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator

from warm_kernels.shelf import Shelf

# What a kernel, or its first figure, imports only when it is made.
LATE = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.history",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "comm",
    "faulthandler",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.subshell_manager",
    "ipykernel.shellchannel",
    "pdb",
    "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream",
)
WITH_MATPLOTLIB = ("matplotlib.backends.backend_agg",)
INLINE = "module://matplotlib_inline.backend_inline"  # ipykernel names it before the first cell; it is read by imports
STREAMS = (1, 2)
REPLY, STDOUT, STDERR, REQUEST = range(4)  # the descriptors that come with a request


class Spoiled(Exception):
    """An import did what no fork may inherit."""


def load(names: list[str], site: str | None) -> Shelf:
    """Import modules; what is not there, or fails, is left to the pages that import it.

    Args:
        names: of modules, dotted.
        site: a folder to import them from, whose packages forks will not have until they find them elsewhere.

    Raises:
        Spoiled: if an import printed, or left a thread or a child behind.
    """
    with silent():
        import_all(LATE)
        shelf = Shelf(site)
        with shelf.filling():
            import_all(names)
            if "matplotlib.pyplot" in sys.modules:
                import_all(WITH_MATPLOTLIB)
    if len(os.listdir("/proc/self/task")) > 1:
        raise Spoiled("an import started a thread")
    return shelf


def import_all(names: tuple[str, ...] | list[str]) -> None:
    """Import modules as far as they can be."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Raise `Spoiled` where something was printed."""
    kept = [os.dup(stream) for stream in STREAMS]
    with tempfile.TemporaryFile() as said:
        for stream in STREAMS:
            os.dup2(said.fileno(), stream)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for stream, descriptor in zip(STREAMS, kept, strict=True):
                os.dup2(descriptor, stream)
                os.close(descriptor)
        if os.fstat(said.fileno()).st_size:
            said.seek(0)
            raise Spoiled(f"an import printed: {said.read(1000).decode(errors='replace').strip()}")


class Server:
    """Forks on request until the other side hangs up, and tells it how each fork ended.

    Args:
        control: a socket of whole packets, on which requests come.
    """

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.kernels: dict[int, int] = {}  # from a process to the socket on which its end is told

    def serve(self) -> list[int]:
        """Fork for each request; returns in the forks only, each with the descriptors of its request."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this
        wake, woken = os.pipe()
        for end in (wake, woken):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        gc.collect()
        gc.freeze()  # the forks share this memory as long as the collector leaves it alone
        while True:
            ready, _, _ = select.select([self.control, wake], [], [])
            if wake in ready:
                os.read(wake, 1 << 12)
                self.reap()
            if self.control in ready:
                message, descriptors, _, _ = socket.recv_fds(self.control, 1, 4)
                if not message:
                    os._exit(0)
                pid = os.fork()
                if pid == 0:
                    self.leave(wake, woken)
                    return descriptors
                self.kernels[pid] = descriptors[REPLY]
                for descriptor in descriptors[REPLY + 1 :]:
                    os.close(descriptor)

    def reap(self) -> None:
        """Tell the end of each fork that ended."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                reply = self.kernels.pop(pid, None)
                if reply is not None:
                    with contextlib.suppress(OSError):
                        os.write(reply, f"{os.waitstatus_to_exitcode(status)}\n".encode())
                    os.close(reply)

    def leave(self, *ends: int) -> None:
        """In a fork: let go of all that is the server's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.control.close()
        for descriptor in itertools.chain(ends, self.kernels.values()):
            os.close(descriptor)


def become(descriptors: list[int], shelf: Shelf) -> list[str]:
    """Turn a fork into the process that was asked for; returns its command line.

    Args:
        descriptors: where to tell the process's number; its standard streams; a file with the request.
        shelf: what it has yet to find.
    """
    os.setsid()
    with open(descriptors[REQUEST], encoding="utf-8") as file:
        request = json.load(file)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    for stream, descriptor in enumerate((nowhere, descriptors[STDOUT], descriptors[STDERR])):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    shelf.hide([place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place])
    for name in [name for name in sys.modules if name.partition(".")[0] == "warm_kernels"]:
        del sys.modules[name]
    sow()
    os.write(descriptors[REPLY], f"{os.getpid()}\n".encode())
    os.close(descriptors[REPLY])
    return request["arguments"]


def sow() -> None:
    """Random numbers that a new process draws anew come anew; torch begins with the same in each, as it is."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def main() -> None:
    """Import, serve, and be the kernel in each fork."""
    control = socket.socket(fileno=int(sys.argv[1]))
    asked = json.loads(sys.argv[2])
    os.environ.setdefault("MPLBACKEND", INLINE)
    try:
        exec(asked["watch"], {})
        shelf = load(asked["modules"], asked["site"])
        if asked["log"] and os.path.getsize(asked["log"]):
            raise Spoiled("an import read what is neither installed nor the book's")
    except Spoiled as reason:
        print(f"kernels start without a warm process: {reason}", file=sys.stderr)
        return
    arguments = become(Server(control).serve(), shelf)
    import ipykernel_launcher
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [ipykernel_launcher.__file__, *arguments]
    # the parent's number, with which a kernel ends when its parent does, was read from the environment by the import
    IPKernelApp.launch_instance(argv=arguments, parent_handle=os.getppid())
