"""seccomp: system calls that no notebook needs and that attacks on the kernel are made of are refused."""

import ctypes
import errno
import os
from functools import cache

from proctor.sandbox import libc

MODE_FILTER = 2
# fmt: off
REFUSED = (
    "acct", "add_key", "bpf", "chroot", "clock_settime", "delete_module", "fanotify_init", "finit_module", "fsconfig",
    "fsmount", "fsopen", "fspick", "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm",
    "iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "modify_ldt", "mount",
    "mount_setattr", "move_mount", "name_to_handle_at", "nfsservctl", "open_by_handle_at", "open_tree",
    "perf_event_open", "pidfd_getfd", "pivot_root", "process_madvise", "process_vm_readv", "process_vm_writev",
    "ptrace", "quotactl", "quotactl_fd", "reboot", "request_key", "setdomainname", "sethostname", "setns",
    "settimeofday", "swapoff", "swapon", "syslog", "umount", "umount2", "unshare", "uselib", "userfaultfd", "ustat",
    "vhangup",
)
# fmt: on
CLONE_NEW = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
UNIX, INET, NETLINK, INET6, LAST_FAMILY = 1, 2, 16, 10, 63
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
QUERY_PERSONALITY = 0xFFFFFFFF
LOW_32 = 0xFFFFFFFF


def missing() -> str:
    """Why there is no filter, in words; empty if there is one."""
    return _build()[1]


def restrict(program: bytes) -> bool:
    """Install a filter for this process and all its children, for good; needs no_new_privs.

    Args:
        program: from `program()`.

    Returns:
        False where the kernel takes no filters: the namespaces and the missing rights hold without them.
    """

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))

    try:
        libc.prctl(libc.PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(Program(len(program) // 8, program)))
    except OSError:
        return False
    return True


def program() -> bytes | None:
    """The filter for the kernel, or None where `missing()` says why. Made once; a fork inherits it."""
    return _build()[0]


@cache
def _build() -> tuple[bytes | None, str]:
    try:
        import pyseccomp
    except ImportError:
        return None, "the package pyseccomp is not installed"
    except (RuntimeError, OSError) as error:
        return None, f"the system's library libseccomp (libseccomp.so.2) cannot be loaded: {error}"
    try:
        rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        add_rules(rules, pyseccomp)
        with open(os.memfd_create("seccomp"), "w+b") as file:
            rules.export_bpf(file)
            file.seek(0)
            return file.read(), ""
    except (OSError, AttributeError) as error:
        return None, f"libseccomp could not make the filter: {error}"


def add_rules(rules, seccomp) -> None:
    """Add every rule.

    Args:
        rules: a `pyseccomp.SyscallFilter` that allows by default.
        seccomp: the module pyseccomp.
    """
    refuse = seccomp.ERRNO(errno.EPERM)

    def equal(argument: int, value: int, mask: int = LOW_32):
        # The kernel looks at 32 bits of these arguments: a comparison of all 64 could be fooled by the others.
        return seccomp.Arg(argument, seccomp.MASKED_EQ, mask, value)

    for name in REFUSED:
        try:
            rules.add_rule(refuse, name)
        except OSError:
            continue  # a call that this machine or this libseccomp does not know
    # The C library takes this for an old kernel and uses clone, whose flags a filter can see.
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in CLONE_NEW:
        rules.add_rule(refuse, "clone", equal(0, flag, flag))
    for family in set(range(LAST_FAMILY + 1)) - {UNIX, INET, INET6, NETLINK}:
        rules.add_rule(refuse, "socket", equal(0, family))
    rules.add_rule(refuse, "socket", seccomp.Arg(0, seccomp.GT, LAST_FAMILY))
    rules.add_rule(refuse, "socket", equal(0, NETLINK), seccomp.Arg(2, seccomp.NE, 0))
    for request in (TIOCSTI, TIOCLINUX):
        rules.add_rule(refuse, "ioctl", equal(1, request))
    rules.add_rule(refuse, "personality", seccomp.Arg(0, seccomp.NE, QUERY_PERSONALITY))
