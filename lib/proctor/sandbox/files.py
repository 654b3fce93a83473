"""Copies of host files in the work folder: only regular files, and never through a symlink."""

import os
import shutil
import stat
from pathlib import PurePosixPath
from typing import BinaryIO

from proctor.sandbox.policy import SandboxError, layer

LAYER = "files"


def copy_in(pairs: tuple[tuple[str, str], ...], folder: str, uid: int, gid: int) -> None:
    """Copy files into a folder that nobody else writes to yet.

    Args:
        pairs: (host file, path relative to the folder), as `Policy.files`.
        folder: the work folder.
        uid: the owner of the copies and of the folders made for them.
        gid: their group.

    Raises:
        SandboxError: if a host file is missing, not regular or reached through a symlink, two have the same name
            inside, or they are larger than the disk.
    """
    for host, inside in pairs:
        remedy = "check that it is there, that this user can read it and that the sandbox's disk holds it"
        with layer(LAYER, remedy), open_regular(host) as source, create(folder, inside, uid, gid) as copy:
            shutil.copyfileobj(source, copy)


def open_regular(path: str) -> BinaryIO:
    """Open a regular file for reading, with no symlink in any part of its path.

    Raises:
        SandboxError: if a part is a symlink, or the file is a device, a pipe, a socket or a folder.
        OSError: if it cannot be opened.
    """
    *folders, name = PurePosixPath(path).parts[1:]
    where = os.open("/", os.O_PATH | os.O_CLOEXEC)
    for part in folders:
        where = step(where, part, os.O_PATH, path)
    # O_NONBLOCK: a pipe must not keep the grader waiting until somebody writes to it.
    descriptor = step(where, name, os.O_RDONLY | os.O_NONBLOCK, path)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SandboxError(LAYER, f"{path} is not a regular file: hand in plain files only")
    return open(descriptor, "rb")


def step(folder: int, part: str, flags: int, path: str) -> int:
    """Open one part of a path below an open folder, which is closed; a symlink is refused."""
    try:
        if stat.S_ISLNK(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode):
            raise SandboxError(LAYER, f"{path}: `{part}` is a symlink: give the real path, hand in plain files only")
        return os.open(part, flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error
    finally:
        os.close(folder)


def create(folder: str, inside: str, uid: int, gid: int) -> BinaryIO:
    """Create a new file below a folder, with the folders that it needs.

    Raises:
        OSError: if it exists, or there is no room.
    """
    path = folder
    *folders, name = PurePosixPath(inside).parts
    for part in folders:
        path = f"{path}/{part}"
        if not os.path.isdir(path):
            os.mkdir(path, 0o755)
            os.chown(path, uid, gid)
    descriptor = os.open(f"{path}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    os.fchown(descriptor, uid, gid)
    return open(descriptor, "wb")
