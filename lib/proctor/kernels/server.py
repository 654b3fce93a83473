"""The zygote itself: `python -m proctor.kernels.server DESCRIPTOR MODULES` imports, then forks on request.

It never runs a backward pass, touches a GPU or starts a thread: a fork of such a process would hang.
"""

import contextlib
import gc
import importlib
import itertools
import json
import os
import signal
import socket
import sys

from proctor import sandbox
from proctor.kernels import messages
from proctor.kernels.memory import collapse

# What an IPython kernel imports only when the first one is made; a fork would do it again each time.
LATE = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.utils.wildcard",
    "faulthandler",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "tornado.queues",
    "IPython.core.history",
    "IPython.core.magics",
    "IPython.extensions.storemagic",
    "comm",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "matplotlib_inline.backend_inline",
    "proctor.kernels.student",
    "proctor.kernels.tester",
    "proctor.remote.session",
    "proctor.remote.student",
    "proctor.rules",
    "proctor.sandbox",
)
WITH_TORCH = ("proctor.torch_calls", "proctor.remote.modules", "proctor.remote.gradients")


MANY = 12  # forks after which more are to come, and preparing for them pays


def load(modules: list[str]) -> None:
    """Import what is installed; what is not is left to the notebooks, whose error is then theirs.

    Args:
        modules: names, or "module:function" to call besides: what it compiles or loads, no fork has to.
    """
    # the debugger's half second is of no use to a notebook that nobody sits at
    sys.modules["debugpy"] = None
    for name in [*modules, *LATE]:
        import_if_installed(name)
    if "torch" in sys.modules:
        for name in WITH_TORCH:
            import_if_installed(name)
        warm_torch()
    with contextlib.suppress(sandbox.SandboxError):
        sandbox.preload()


def import_if_installed(name: str) -> None:
    """Import a module if it is installed, and call its function where one is named."""
    name, _, function = name.partition(":")
    with contextlib.suppress(ImportError):
        module = importlib.import_module(name)
        if function:
            getattr(module, function)()


def warm_torch() -> None:
    """Do once what torch does lazily at the first comparison: it takes a quarter of a second."""
    import torch

    torch.testing.assert_close(torch.ones(2), torch.ones(2))


def serve(control: socket.socket) -> None:
    """Fork for each request until the handle is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the instructor's process, which then ends this one
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies
    gc.collect()
    gc.freeze()  # the forks share these pages as long as the collector leaves them alone
    for number in itertools.count():
        if number == MANY:
            collapse()
        try:
            request, descriptors = messages.receive(control)
        except (EOFError, OSError):
            return
        if os.fork() == 0:
            control.close()
            from proctor.kernels.child import become

            become(request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def main() -> None:
    """Import, then serve."""
    control = socket.socket(fileno=int(sys.argv[1]))
    load(json.loads(sys.argv[2]))
    serve(control)


if __name__ == "__main__":
    main()
