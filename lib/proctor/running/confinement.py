"""How confined a run's processes are: the request that the zygote gets for each of them."""

import atexit
import contextlib
import importlib.util
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from proctor import sandbox
from proctor.running.job import Job
from proctor.sandbox import cgroups
from proctor.sandbox.policy import python_paths

ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}  # as nbgrader has it
INSIDE = {
    "HOME": "/tmp",
    "USER": "student",
    "LOGNAME": "student",
    "TMPDIR": "/tmp",
    "IPYTHONDIR": "/tmp/.ipython",
    "MPLCONFIGDIR": "/tmp/.matplotlib",
    "XDG_CACHE_HOME": "/tmp/.cache",
    "TORCHINDUCTOR_CACHE_DIR": "/tmp/.inductor",
}
FIRST_USER, USERS = 0x70000000, 0x100000  # numbers of users that no machine has; each process gets one of its own

_numbers = itertools.count(os.getpid() << 6)


class NoSandbox(Exception):
    """This machine cannot confine a stranger's code; the message says why and what can be done."""


@lru_cache(maxsize=1)
def report() -> sandbox.Report:
    """What this machine can enforce, tried once for each process."""
    return sandbox.probe()


def confines(wish: str) -> bool:
    """Whether to use the sandbox.

    Args:
        wish: as in `Job.sandbox`.

    Raises:
        NoSandbox: if it is required and cannot be had.
    """
    if wish == "off":
        return False
    if report().confines:
        return True
    if wish == "preferred":
        return False
    raise NoSandbox(
        f"strangers' code cannot be confined here: {report().sentence}. To run it all the same, with your own rights, "
        "say so: --ExecuteSubmission.sandbox=off (`proctor doctor` tells more)"
    )


@contextlib.contextmanager
def request_for(job: Job) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Prepare what the processes of a run need on this machine, and clean up behind them.

    Yields:
        A function from a role, "student" or "tester", to the request for `kernels.child.become`.

    Raises:
        NoSandbox: see `confines`.
    """
    confined = confines(job.sandbox)
    with contextlib.ExitStack() as behind:

        def request(role: str) -> dict[str, Any]:
            asked = {"seed": job.seed(role), "environment": {**ENVIRONMENT, **(INSIDE if confined else {})}}
            number = next(_numbers)
            if not confined:
                return {**asked, "policy": None, "folder": open_folder(job, behind)}
            group = cgroups.create(f"proctor-{os.getpid()}-{number}", job.limits.memory, job.limits.processes)
            if group:
                behind.callback(group.remove)
            return {**asked, "policy": policy(job, number, group).to_json()}

        yield request


def policy(job: Job, number: int, group: cgroups.Group | None) -> sandbox.Policy:
    """What one process may see and use."""
    limits = job.limits
    return sandbox.Policy(
        root=mount_point(),
        read_only=visible(job.preload),
        hidden=job.hidden,
        files=tuple((place, name) for name, place in job.files),
        memory=limits.memory,
        disk=limits.disk,
        processes=limits.processes,
        open_files=limits.open_files,
        uid=FIRST_USER + number % USERS,
        gid=FIRST_USER + number % USERS,
        cgroups=group.directories if group else (),
    )


@lru_cache(maxsize=1)
def mount_point() -> str:
    """An empty folder in which each sandbox, unseen by the others, mounts its own root."""
    folder = tempfile.mkdtemp(prefix="proctor-root-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@lru_cache(maxsize=8)
def visible(preload: tuple[str, ...]) -> tuple[str, ...]:
    """The folders that this Python runs from: its own, and those of the packages that notebooks import.

    Args:
        preload: names of such modules, as in `Job`: a package may lie outside Python's own folders.
    """
    found = list(python_paths())
    for name in {name.partition(":")[0].partition(".")[0] for name in preload}:
        spec = importlib.util.find_spec(name)
        found += (spec.submodule_search_locations or []) if spec else []
    found += [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    return tuple(dict.fromkeys(os.path.abspath(path) for path in found if path and os.path.exists(path)))


def open_folder(job: Job, behind: contextlib.ExitStack) -> str:
    """A work folder with the files, for a process without a sandbox."""
    folder = behind.enter_context(tempfile.TemporaryDirectory(prefix="proctor-work-", ignore_cleanup_errors=True))
    for name, place in job.files:
        target = Path(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place, target)
    return folder
