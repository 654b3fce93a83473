"""Landlock: a second opinion on what may be written, should a mount be wrong; and no signals or sockets outwards."""

import ctypes
import os

from proctor.sandbox import libc
from proctor.sandbox.root import WRITABLE

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL_DEVICE = 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many access rights each version knows; later ones add none
SCOPED = 0b11  # abstract unix sockets and signals, since version 6
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/pts")


class PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The kernel's version of Landlock; 0 where there is none."""
    try:
        return libc.call("syscall", CREATE_RULESET, 0, 0, VERSION_FLAG)
    except OSError:
        return 0


def restrict() -> bool:
    """Read and execute everywhere, write only where the sandbox has its own folders. Called inside the new root.

    Returns:
        False where the kernel has no Landlock or refuses it: the mounts say the same.
    """
    if not (known := version()):
        return False
    rights = (1 << RIGHTS.get(known, 16)) - 1
    attributes = (ctypes.c_uint64 * 3)(rights, 0, SCOPED if known >= 6 else 0)
    # Older kernels take the longer structure as long as what they do not know is 0.
    try:
        ruleset = libc.call("syscall", CREATE_RULESET, attributes, ctypes.sizeof(attributes), 0)
    except OSError:
        return False
    try:
        allow(ruleset, "/", READ & rights)
        for path in WRITABLE:
            allow(ruleset, path, rights)
        for path in DEVICES:
            allow(ruleset, path, (READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEVICE) & rights)
        libc.call("syscall", RESTRICT_SELF, ruleset, 0)
        return True
    except OSError:
        return False
    finally:
        os.close(ruleset)


def allow(ruleset: int, path: str, rights: int) -> None:
    """Allow rights at a path and below."""
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = PathBeneath(rights, parent)
        libc.call("syscall", ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(parent)
