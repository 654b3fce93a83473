"""The other side of `server`: starts it, and has jupyter_client take its forks for processes of its own."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

SWITCH = "FRESH_KERNELS"  # set, every kernel is a process of its own: to compare the two
START = 600  # seconds in which a server must have imported, and a fork have begun
LAUNCHER = "ipykernel_launcher"
CODE = "import sys; sys.path[0] = {!r}; from warm_kernels import server; del sys.path[0]; server.main()"


def possible() -> bool:
    """Whether kernels can be forked: elsewhere than on Linux, what a system's libraries do in a fork is not known."""
    return sys.platform.startswith("linux") and not os.environ.get(SWITCH)


class ServerGone(Exception):
    """The server cannot fork: it ended, or serves nobody."""


class Fork:
    """A fork of a server, in the words of `subprocess.Popen`, as far as jupyter_client asks.

    Args:
        reply: where the server tells its number, then how it ended.
    """

    stdin = stdout = stderr = None

    def __init__(self, reply: socket.socket) -> None:
        self._reply = reply
        self._said = b""
        self.returncode: int | None = None
        while b"\n" not in self._said:
            if not self._hear():
                raise ServerGone
        number, _, self._said = self._said.partition(b"\n")
        self.pid = int(number)

    def _hear(self) -> bool:
        try:
            heard = self._reply.recv(100)
        except TimeoutError:
            raise ServerGone from None
        except ConnectionError:
            heard = b""
        self._said += heard
        return bool(heard)

    def poll(self) -> int | None:
        """How it ended: an exit code, or a signal's number with a minus; None while it goes on."""
        if self.returncode is None and (self._said or select.select([self._reply], [], [], 0)[0]):
            while b"\n" not in self._said and self._hear():
                pass
            whole = b"\n" in self._said
            self.returncode = int(self._said) if whole else -signal.SIGKILL  # who takes the server away, takes all
            self._reply.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """As `poll`, once it has ended.

        Raises:
            TimeoutExpired: of `subprocess`, if it has not within so many seconds.
        """
        if self.returncode is None and not self._said and not select.select([self._reply], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("kernel", timeout)
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send it a signal; nothing happens if it is gone."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class WarmServer:
    """A process that has imported some modules and forks kernels.

    Args:
        python: the kernels' interpreter.
        modules: what to import; what cannot be is left to the notebooks.
        site: a folder to import them from, which the kernels do not have; see `shelf`.
        folder: where it imports; some packages look around in it.
        watch: code to run first, and the file to which it writes what an import does that belongs to a page.
    """

    def __init__(
        self,
        modules: list[str],
        python: str = sys.executable,
        site: Path | None = None,
        folder: Path | None = None,
        watch: tuple[str, Path] | None = None,
    ) -> None:
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code, log = watch or ("", None)
        asked = json.dumps({"modules": modules, "site": site and str(site), "watch": code, "log": log and str(log)})
        code = CODE.format(str(Path(__file__).resolve().parents[1]))
        environment = dict(os.environ)
        if site:
            environment.pop("PYTHONPATH", None)  # the folder is in its place
        with there:
            self._process = subprocess.Popen(
                [python, "-c", code, str(there.fileno()), asked],
                stdin=subprocess.DEVNULL,
                pass_fds=[there.fileno()],
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        self._control = here
        self._control.settimeout(START)
        self._lock = threading.Lock()

    def fork(
        self, arguments: list[str], environment: dict[str, str], folder: str, stdout: Any = None, stderr: Any = None
    ) -> Fork:
        """A kernel.

        Args:
            arguments: ipykernel's, as on its command line.
            environment: all of it.
            folder: where it works.
            stdout: an open file; if None, this process's own.
            stderr: likewise.

        Raises:
            ServerGone: if the server cannot fork.
        """
        here, there = socket.socketpair()
        here.settimeout(START)
        request = {"arguments": arguments, "environment": environment, "folder": folder}
        with there, tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            json.dump(request, file)
            file.flush()
            file.seek(0)
            streams = [1 if stdout is None else stdout.fileno(), 2 if stderr is None else stderr.fileno()]
            try:
                with self._lock:
                    socket.send_fds(self._control, [b"1"], [there.fileno(), *streams, file.fileno()])
            except OSError:
                raise ServerGone from None
        return Fork(here)

    def provide(self, manager: KernelManager) -> None:
        """Have a manager's kernel come from here; where the server cannot, it is a process of its own."""
        manager.provisioner = WarmProvisioner(kernel_spec=manager.kernel_spec, parent=manager)
        manager.provisioner.server = self

    def stop(self) -> None:
        """End the server; a kernel that is still there ends by itself."""
        self._control.close()
        self._process.kill()
        self._process.wait()


class WarmProvisioner(LocalProvisioner):
    """jupyter_client's own, but for where the process comes from."""

    server: WarmServer

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Fork a kernel; see `LocalProvisioner`."""
        try:
            self.process = self.server.fork(
                cmd[cmd.index(LAUNCHER) + 1 :],
                kwargs["env"],
                kwargs.get("cwd") or os.getcwd(),
                kwargs.get("stdout"),
                kwargs.get("stderr"),
            )
        except (ServerGone, ValueError):  # or it is no ipykernel
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        return self.connection_info
