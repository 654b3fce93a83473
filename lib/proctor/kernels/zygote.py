"""The handle of the zygote: starts it once for a process, and asks it for forks."""

import asyncio
import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import Any

from proctor.kernels import messages

PRELOAD = ("numpy", "torch", "torch.nn.functional", "torch.testing", "matplotlib.pyplot")  # where a course says nothing
KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "PYTHONPATH", "TZ", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE")
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
START = 3600  # seconds until a fork is ready: a net. It takes a tenth of one, a minute more while loops are compiled
GOING = 60  # seconds that the zygote has to end once nobody listens, before it is killed; it takes none


class KernelLost(Exception):
    """A fork ended before it was ready; the message says why."""


class Fork:
    """A process that the zygote made.

    Args:
        pid: its number on this machine.
        pidfd: a descriptor that becomes readable when it ends, and that no other process can take over.
    """

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self.pidfd = pidfd

    def signal(self, number: int) -> None:
        """Send it a signal; nothing happens if it is gone."""
        if self.pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, number)

    def interrupt(self) -> None:
        """Ask the code that runs in it to stop."""
        self.signal(signal.SIGINT)

    def kill(self) -> None:
        """End it and everything that it started."""
        self.signal(signal.SIGKILL)

    async def end(self) -> None:
        """Kill it, wait until it is gone, and let go of it."""
        self.kill()
        await self.ended()
        self.close()

    async def ended(self) -> None:
        """Wait until it is gone."""
        if self.pidfd >= 0:
            await messages.readable(self.pidfd)

    def close(self) -> None:
        """Let go of it."""
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


class Zygote:
    """A process with IPython and a course's modules imported, one thread, nothing run yet.

    Args:
        preload: modules to import where they are installed, or "module:function" to call besides.
    """

    def __init__(self, preload: tuple[str, ...] = PRELOAD) -> None:
        here, there = socket.socketpair()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        # nothing of the caller's environment but what is named above: a database password may be in it
        environment.update(dict.fromkeys(THREADS, "1"), PYTHONDONTWRITEBYTECODE="1", MPLBACKEND="agg")
        with there:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "proctor.kernels.server", str(there.fileno()), json.dumps(preload)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[there.fileno()],
                cwd="/",
                start_new_session=True,
            )
        self.control = here
        self.lock = threading.Lock()
        atexit.register(self.stop)

    async def fork(self, request: dict[str, Any], descriptors: tuple[int, ...] = ()) -> Fork:
        """Ask for a fork, and wait until it is ready.

        Args:
            request: see `child.become`.
            descriptors: open files for it.

        Raises:
            KernelLost: if it ends before.
        """
        here, there = socket.socketpair()
        with here:
            with there, self.lock:
                try:
                    messages.send(self.control, request, (there.fileno(), *descriptors))
                except OSError as error:
                    raise KernelLost(f"the process that forks kernels is gone ({error.strerror})") from None
            try:
                return await asyncio.wait_for(self._ready(here), START)
            except TimeoutError:
                raise KernelLost(f"a kernel was not ready within {START} s") from None

    async def _ready(self, channel: socket.socket) -> Fork:
        fork = None
        try:
            while True:
                news, descriptors = await messages.receive_async(channel)
                if "error" in news:
                    raise KernelLost(news["error"])
                if "pid" in news:
                    fork = Fork(news["pid"], descriptors[0])
                else:
                    return fork
        except (EOFError, OSError):
            raise KernelLost("a kernel ended while it was starting") from None
        except BaseException:
            if fork:
                fork.kill()
                fork.close()
            raise

    def stop(self) -> None:
        """End the zygote and all its forks."""
        atexit.unregister(self.stop)
        self.control.close()
        try:
            self.process.wait(timeout=GOING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
