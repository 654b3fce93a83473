"""Losing rights for good: the user, the capabilities, and the ways to get either back."""

import ctypes
import os
import platform
import signal
from contextlib import suppress

from proctor.sandbox import libc
from proctor.sandbox.namespaces import user_namespace, write
from proctor.sandbox.policy import Policy, layer

LAYER = "dropped capabilities"
CAPABILITIES_V3 = 0x20080522
PR_CAP_AMBIENT_CLEAR_ALL = 4
KEYCTL, KEYCTL_JOIN_SESSION_KEYRING = {"x86_64": 250, "aarch64": 219}, 1
MAX_USER_NAMESPACES = "/proc/sys/user/max_user_namespaces"


def become_nobody(policy: Policy) -> None:
    """Give up root for `policy.uid` and `policy.gid`, and count processes apart from the host's.

    An ordinary user has no other user to become and is counted apart already. In both cases no further user
    namespace can be made afterwards, so that the capabilities which one would bring stay out of reach.

    Raises:
        SandboxError: if the ids cannot be taken, for instance because a container does not map them.
    """
    private = os.geteuid() != 0
    join_new_keyring()
    if not private:
        with layer(LAYER, f"uid {policy.uid} and gid {policy.gid} must exist in this container's map: choose others"):
            os.setgroups([])
            os.setresgid(policy.gid, policy.gid, policy.gid)
            os.setresuid(policy.uid, policy.uid, policy.uid)
            libc.prctl(libc.PR_SET_DUMPABLE, 1)  # else the files in /proc/self belong to root and nothing can be mapped
        with suppress(OSError):  # a host that forbids them to ordinary users: the distinct uid keeps the counts apart
            user_namespace()
            private = True
    if private:
        with suppress(OSError):  # where the host's security modules forbid it, they forbid the namespaces too
            write(MAX_USER_NAMESPACES, "0")  # this namespace's own number; never the host's


def join_new_keyring() -> None:
    """Leave the session's keyring, which would let a student's code read the grader's keys."""
    with suppress(OSError):  # a kernel or a container without keyrings
        libc.call("syscall", KEYCTL[platform.machine()], KEYCTL_JOIN_SESSION_KEYRING, 0, about="keyctl")


def drop_capabilities() -> None:
    """Empty every set of capabilities, and bar the ways back.

    Raises:
        SandboxError: if the kernel refuses.
    """
    with layer(LAYER, "the sandbox cannot be trusted on this host"):
        with open("/proc/sys/kernel/cap_last_cap", encoding="ascii") as file:
            last = int(file.read())
        for capability in range(last + 1):
            libc.prctl(libc.PR_CAPBSET_DROP, capability, about="dropping the bounding set")
        libc.prctl(libc.PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, about="clearing the ambient set")
        header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
        libc.call("capset", header, (ctypes.c_uint32 * 6)(), about="capset")


def forbid_new_privileges() -> None:
    """Make setuid programs gain nothing, let /proc show the process to itself, and end it with its parent.

    Raises:
        SandboxError: if the kernel refuses.
    """
    with layer("no new privileges", "the sandbox cannot be trusted on this host"):
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1, about="no_new_privs")
        libc.prctl(libc.PR_SET_DUMPABLE, 1)
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
