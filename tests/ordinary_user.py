"""Running a command as an ordinary user, on machines where the tests run as root.

Where a folder on the way to Python or to the repository is closed to others (/root, pytest's own folders), the command
sees another folder in its place, in a mount namespace of its own, that holds only what it needs.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from proctor.sandbox import libc

UID = 12_345
REPOSITORY = Path(__file__).parents[1]
CLONE_NEWNS = 0x00020000


@cache
def reason_not() -> str:
    """Why a command cannot be run as an ordinary user here; empty if it can."""
    if sys.platform != "linux":
        return "needs Linux"
    if os.geteuid() != 0:
        return ""  # this is one already
    done = run_as_user([sys.executable, "-c", "import os, proctor; print(os.geteuid())"])
    return "" if done.stdout.split() == [str(UID)] else f"no other user to become: {done.stderr[-300:]}"


def run_as_user(command, *, cwd=REPOSITORY, writable=(), **options) -> subprocess.CompletedProcess:
    """Run a command as user 12345 without rights, or as this user if that is no root.

    Args:
        command: program and arguments; `sys.executable` works.
        cwd: the folder to run it in; it can be reached, but not written to.
        writable: folders that belong to the user afterwards, with all that is in them.
        options: as in `subprocess.run`; output is captured as text unless they say otherwise.
    """
    options = {"capture_output": True, "text": True, "check": False, **options}
    if os.geteuid() != 0:
        return subprocess.run(command, cwd=cwd, **options)
    for folder in map(Path, writable):
        for path in (folder, *folder.rglob("*")):
            os.chown(path, UID, UID, follow_symlinks=False)
    needed = [sys.prefix, sys.base_prefix, REPOSITORY, cwd, *writable]
    order = {"needed": [str(path) for path in needed], "cwd": str(cwd), "command": [str(part) for part in command]}
    # -P: the folder of this file holds one named proctor. Standard input stays the command's own.
    return subprocess.run([sys.executable, "-P", __file__, json.dumps(order)], **options)


def become(needed: list[str], cwd: str, command: list[str]) -> None:
    """Open the way to what is needed, give up root, and turn into the command."""
    libc.unshare(CLONE_NEWNS)
    libc.mount("none", "/", None, libc.MS_REC | libc.MS_PRIVATE)
    open_ways({os.path.realpath(path) for path in needed})
    os.setgroups([])
    os.setresgid(UID, UID, UID)
    os.setresuid(UID, UID, UID)
    os.chdir(cwd)
    os.environ["HOME"] = "/nonexistent"
    os.execvp(command[0], command)


def open_ways(needed: set[str]) -> None:
    """Put a folder that everybody may enter over each closed one, and bind what is needed into it."""
    for path in sorted(needed):
        closed = next((p for p in reversed(Path(path).parents) if not p.stat().st_mode & 0o001), None)
        if closed is None:
            continue
        inside = sorted(other for other in needed if Path(other).is_relative_to(closed))
        held = {other: os.open(other, os.O_PATH) for other in inside}
        libc.mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
        for other, descriptor in held.items():
            os.makedirs(other, exist_ok=True)
            if not os.listdir(other):
                libc.mount(f"/proc/self/fd/{descriptor}", other, None, libc.MS_BIND | libc.MS_REC)
            os.close(descriptor)


if __name__ == "__main__":
    become(**json.loads(sys.argv[1]))
