"""Leaving the host behind: new namespaces, in which the host's processes, network and mounts do not exist."""

import os
import socket
import struct
from contextlib import suppress

from proctor.sandbox import libc
from proctor.sandbox.policy import Policy, layer

CLONE_NEWUSER = 0x10000000
# Mounts, cgroups, host name, System V and POSIX IPC, process ids, network.
CLONE_OTHERS = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40
REMEDY = "this host forbids namespaces: run as root (a container needs --cap-add SYS_ADMIN), or allow user namespaces"


def enter(policy: Policy) -> None:
    """Move this process into its cgroups and into namespaces of its own; its next child is process 1 there.

    Call it in a freshly forked process. That process must stay, waiting for its child: it is the child's way to be
    ended, and no part of the sandbox's code may run in it. /proc/1/environ inside shows the environment with which
    the forking program was started, so a program that forks sandboxes is started with a clean one.

    Args:
        policy: its `cgroups` are joined; nothing else of it is used.

    Raises:
        SandboxError: on another system than Linux, or if a cgroup or the namespaces cannot be had.
    """
    libc.require_linux()
    with layer("memory cgroup", "the directory must exist and its cgroup.procs be writable: make it anew"):
        for directory in policy.cgroups:
            write(f"{directory}/cgroup.procs", "0")
    with suppress(OSError):
        write("/proc/self/oom_score_adj", "1000")  # a sandbox that eats the memory is ended before its grader
    with layer("namespaces", REMEDY):
        if os.geteuid() != 0:
            user_namespace()
        libc.unshare(CLONE_OTHERS)
    with layer("namespaces", "the new network namespace lacks a usable loopback device"):
        raise_loopback()
        socket.sethostname("sandbox")


def user_namespace() -> None:
    """Enter a user namespace in which this user has every right over what the process makes from now on.

    Raises:
        OSError: if the host forbids it, or the process has threads.
    """
    user, group = os.geteuid(), os.getegid()
    libc.unshare(CLONE_NEWUSER)
    write("/proc/self/setgroups", "deny")  # the kernel wants this before an ordinary user may map a group
    write("/proc/self/uid_map", f"{user} {user} 1")
    write("/proc/self/gid_map", f"{group} {group} 1")


def raise_loopback() -> None:
    """Switch the loopback device on, so that code which talks to itself over localhost works."""
    from fcntl import ioctl  # Windows lacks it

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP | IFF_RUNNING))


def write(path: str, text: str) -> None:
    """Write a kernel file in one call, as the kernel demands; an error names the path."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error
    finally:
        os.close(descriptor)
