"""The few system calls that Python's own library lacks; each raises OSError with the path it was about."""

import ctypes
import os
import platform
import sys
from functools import cache

from proctor.sandbox.policy import SandboxError

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 1 << 12, 1 << 14, 1 << 18
MNT_DETACH = 2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV, ATTR_NOEXEC = 1, 2, 4, 8
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_SETATTR = 442  # as every call since Linux 5.1, the same number on every machine
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 38, 47
MACHINES = ("x86_64", "aarch64")


def require_linux() -> None:
    """Check the system and the machine.

    Raises:
        SandboxError: on anything but Linux on x86_64 or aarch64.
    """
    if sys.platform != "linux":
        raise SandboxError("namespaces", f"the sandbox needs Linux, this is {platform.system()}: grade on Linux")
    if platform.machine() not in MACHINES:
        raise SandboxError("namespaces", f"the sandbox knows {' and '.join(MACHINES)}, this is {platform.machine()}")


@cache
def library() -> ctypes.CDLL:
    """The C library of this process; loaded at the first call, since other systems have none to load."""
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments, about: str | None = None) -> int:
    """Call a function of the C library.

    Args:
        name: the function.
        arguments: integers are passed as 64 bits, as the kernel expects flags; strings as file names.
        about: what an error names besides its cause.

    Raises:
        OSError: if it returns less than 0.
    """
    converted = [
        ctypes.c_long(a) if isinstance(a, int) else os.fsencode(a) if isinstance(a, str) else a for a in arguments
    ]
    if (result := getattr(library(), name)(*converted)) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), about or name)
    return result


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, options: str | None = None) -> None:
    """mount(2); the kernel's errors name the target."""
    call("mount", source, target, kind, flags, options, about=f"mount {target}")


def restrict_mount(path: str, attributes: int, recursive: bool = True) -> None:
    """Set attributes (`ATTR_RDONLY | ...`) of the mount at a path, and of all below it."""
    values = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    call("syscall", MOUNT_SETATTR, AT_FDCWD, path, flags, values, ctypes.sizeof(values), about=f"mount_setattr {path}")


def prctl(option: int, second: int = 0, third=0, about: str = "prctl") -> int:
    """prctl(2) with the unused arguments 0."""
    return call("prctl", option, second, third, 0, 0, about=about)


def unshare(flags: int) -> None:
    """unshare(2)."""
    call("unshare", flags, about="unshare")
