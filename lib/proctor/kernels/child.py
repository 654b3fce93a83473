"""What a fork of the zygote does before a stranger's code runs in it.

The fork itself, the warden, enters the namespaces and forks once more: that second process is the first of a new
process namespace, so that everything it starts ends with it. The warden waits, and takes it along when the zygote ends.
"""

import contextlib
import ctypes
import os
import random
import signal
import socket
import sys
import traceback
from typing import Any, NoReturn

from proctor.kernels import messages

PR_SET_PDEATHSIG = 1


def become(request: dict[str, Any], descriptors: list[int]) -> NoReturn:
    """Turn this fork into what was asked for; never returns.

    Args:
        request: `role` ("student" or "tester"), `seed`, `environment`, `folder` (where to run without a sandbox),
            `policy` (a `sandbox.Policy` as JSON, or None), and what the role needs.
        descriptors: where to answer, then what the role needs.
    """
    reply = socket.socket(fileno=descriptors[0])
    try:
        ward(request, reply, descriptors[1:])
    except BaseException as error:
        fail(reply, error)
    os._exit(1)


def fail(reply: socket.socket, error: BaseException) -> NoReturn:
    """Say why there will be no kernel, and end."""
    with contextlib.suppress(OSError):
        known = type(error).__name__ == "SandboxError"
        messages.send(reply, {"error": str(error) if known else traceback.format_exc()})
    os._exit(1)


def ward(request: dict[str, Any], reply: socket.socket, descriptors: list[int]) -> NoReturn:
    """Enter the namespaces, fork, and wait for the end of the second process."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    policy = None
    if request.get("policy"):
        from proctor import sandbox

        policy = sandbox.Policy.from_json(request["policy"])
        sandbox.enter(policy)
    started, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(go)
        os.read(started, 1)  # until the warden has told who we are
        os.close(started)
        live(request, policy, reply, descriptors)
    os.close(started)
    signal.signal(signal.SIGTERM, lambda *_: kill(pid))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    pidfd = os.pidfd_open(pid)
    messages.send(reply, {"pid": pid}, (pidfd,))
    reply.close()
    for descriptor in [pidfd, *descriptors]:
        os.close(descriptor)
    os.close(go)
    while True:
        with contextlib.suppress(InterruptedError):
            os.waitpid(pid, 0)
            break
    kill(pid)  # without a process namespace: what it left behind
    os._exit(0)


def kill(pid: int) -> None:
    """End a process and its group."""
    for send in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            send(pid, signal.SIGKILL)


def live(request: dict[str, Any], policy: Any, reply: socket.socket, descriptors: list[int]) -> NoReturn:
    """Give up all rights, then run the role."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        silence([reply.fileno(), *descriptors])
        os.environ.update(request.get("environment", {}))
        if policy is not None:
            from proctor import sandbox

            sandbox.confine(policy)
        else:
            os.chdir(request["folder"])
        sow(request["seed"])
        role(request["role"])(request, descriptors, lambda: ready(reply))
    except BaseException as error:
        fail(reply, error)
    os._exit(0)


def silence(kept: list[int]) -> None:
    """Leave open only the given descriptors; the standard streams lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    low = 3
    for descriptor in [*sorted(kept), os.sysconf("SC_OPEN_MAX")]:
        os.closerange(low, min(descriptor, 1 << 16))
        low = descriptor + 1


def sow(seed: int) -> None:
    """Start the random numbers of Python, numpy and torch anew; forks would share them otherwise."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % (1 << 32))
    if "torch" in sys.modules:
        # of the processor only: `torch.manual_seed` would ask for every kind of device first
        sys.modules["torch"].default_generator.manual_seed(seed)


def role(name: str):
    """The function that a role runs: called with the request, its descriptors, and what to call when ready."""
    if name == "student":
        from proctor.kernels.student import run
    else:
        from proctor.kernels.tester import run
    return run


def ready(reply: socket.socket) -> None:
    """Say that the role is ready, and hang up."""
    messages.send(reply, {"ready": True})
    reply.close()
