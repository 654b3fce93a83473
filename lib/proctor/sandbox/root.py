"""The file system that the sandbox sees: the host's packages read-only, fresh folders to write in, nothing else."""

import os
from contextlib import suppress

from proctor.sandbox import libc, view
from proctor.sandbox.files import copy_in
from proctor.sandbox.policy import Policy, SandboxError, layer

LAYER = "read-only root"
REMEDY = "the folder must exist and this user must reach it; Linux 5.14 or newer is needed"
WORK = "/submission"
WRITABLE = (WORK, "/tmp", "/dev/shm")
DEVICES = ("null", "zero", "full", "random", "urandom")
# What dynamic loading, time zones, fonts and the count of processors read.
SYSTEM = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/sys/devices/system/cpu",
)
BYTES_PER_FILE = 8192  # bounds how many files a disk holds: each costs the kernel about 1 kB beside its bytes
SEALED = libc.ATTR_RDONLY | libc.ATTR_NOSUID | libc.ATTR_NODEV


def build(policy: Policy) -> None:
    """Build the new root at `policy.root` and move into it; the host's files are gone afterwards.

    Args:
        policy: what is shown, covered and copied in.

    Raises:
        SandboxError: if a mount or a copy fails.
    """
    root, owner = policy.root.rstrip("/"), identity(policy)
    with layer(LAYER, REMEDY):
        # The root's own mount must not show up inside what is shown, or covers could be walked around.
        seen = view.plan((*policy.read_only, *SYSTEM), (*policy.hidden, root))
        libc.mount("none", "/", None, libc.MS_REC | libc.MS_PRIVATE)
        libc.mount("tmpfs", root, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, "mode=755,size=4m,nr_inodes=20000")
        for folder in ("dev/shm", "dev/pts", "proc", "etc", "tmp", WORK[1:]):
            os.makedirs(f"{root}/{folder}")
        for folder in WRITABLE:
            mount_writable(root + folder, policy.disk, owner)
        write_etc(f"{root}/etc", owner)
        show(root, seen)
        make_devices(root)
        libc.mount("proc", f"{root}/proc", "proc", libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC)
    copy_in(policy.files, root + WORK, *owner)
    with layer(LAYER, REMEDY):
        change_root(root)
        libc.restrict_mount("/", SEALED, recursive=False)


def identity(policy: Policy) -> tuple[int, int]:
    """The user and group that the sandbox's code will have: the policy's for root, else this process's own."""
    return (policy.uid, policy.gid) if os.geteuid() == 0 else (os.geteuid(), os.getegid())


def mount_writable(folder: str, size: int, owner: tuple[int, int]) -> None:
    """Mount an empty folder that holds `size` bytes and belongs to the owner."""
    uid, gid = owner
    options = f"mode=700,uid={uid},gid={gid},size={size},nr_inodes={max(1024, size // BYTES_PER_FILE)}"
    libc.mount("tmpfs", folder, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, options)


def write_etc(folder: str, owner: tuple[int, int]) -> None:
    """Write the few tables that programs look names up in; nothing of the host's is in them."""
    uid, gid = owner
    tables = {
        "passwd": f"root:x:0:0:root:/:/bin/false\nstudent:x:{uid}:{gid}:student:{WORK}:/bin/sh\n",
        "group": f"root:x:0:\nstudent:x:{gid}:\n",
        "hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
        "resolv.conf": "",
        "hostname": "sandbox\n",
    }
    for name, text in tables.items():
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)


def show(root: str, seen: view.View) -> None:
    """Bind what is visible, cover what is not, and recreate the symlinks; outer paths come first in the plan."""
    covers = []
    empty = f"{root}/.empty"
    os.close(os.open(empty, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444))
    for path, visible in seen.mounts:
        target = root + path
        if visible:
            make_target(path, target)
            libc.mount(path, target, None, libc.MS_BIND | libc.MS_REC)
            libc.restrict_mount(target, SEALED)
        elif os.path.isdir(path):
            libc.mount("tmpfs", target, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, "mode=755,size=64k,nr_inodes=1000")
            covers.append(target)
        else:
            libc.mount(empty, target, None, libc.MS_BIND)
            libc.restrict_mount(target, SEALED)
    for link, target in seen.links:
        if not os.path.lexists(root + link):
            os.makedirs(os.path.dirname(root + link), exist_ok=True)
            os.symlink(target, root + link)
    for cover in covers:
        libc.restrict_mount(cover, SEALED, recursive=False)
    os.unlink(empty)


def make_target(path: str, target: str) -> None:
    """Make the place where a host path will be mounted: a folder for a folder, an empty file for a file."""
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o444))


def make_devices(root: str) -> None:
    """Bind the harmless devices; a terminal of its own, for programs that insist on one, where the kernel has them."""
    for name in DEVICES:
        make_target(f"/dev/{name}", f"{root}/dev/{name}")
        libc.mount(f"/dev/{name}", f"{root}/dev/{name}", None, libc.MS_BIND)
        libc.restrict_mount(f"{root}/dev/{name}", libc.ATTR_RDONLY | libc.ATTR_NOSUID | libc.ATTR_NOEXEC)
    for link, target in {
        "fd": "/proc/self/fd",
        "stdin": "/proc/self/fd/0",
        "stdout": "/proc/self/fd/1",
        "stderr": "/proc/self/fd/2",
        "ptmx": "pts/ptmx",
    }.items():
        os.symlink(target, f"{root}/dev/{link}")
    with suppress(OSError):
        flags = libc.MS_NOSUID | libc.MS_NOEXEC
        libc.mount("devpts", f"{root}/dev/pts", "devpts", flags, "newinstance,ptmxmode=0666,mode=620")


def change_root(root: str) -> None:
    """Make a mounted folder the root, and let go of the old one.

    Raises:
        SandboxError: if the old root is still there.
    """
    os.chdir(root)
    # The old root is stacked on the new one and taken off again, so that no folder is needed to put it in.
    libc.call("pivot_root", ".", ".", about=f"pivot_root {root}")
    libc.call("umount2", ".", libc.MNT_DETACH, about="umount2 of the old root")
    os.chdir("/")
    if not os.path.isdir(WORK) or os.path.lexists(root + WORK):
        raise SandboxError(LAYER, "the old root is still visible after pivot_root: report this as a bug")
