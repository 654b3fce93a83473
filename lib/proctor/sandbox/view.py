"""What of the host is visible: a plan of mounts, made before anything is mounted."""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class View:
    """Mounts in the order to make them.

    Args:
        mounts: pairs (real host path, True to show it or False to cover it), outer paths first.
        links: pairs (path, target) of the symlinks that lead to them.
    """

    mounts: tuple[tuple[str, bool], ...]
    links: tuple[tuple[str, str], ...]


def plan(read_only: tuple[str, ...], hidden: tuple[str, ...]) -> View:
    """Plan what to mount.

    Args:
        read_only: absolute host paths to show; those that do not exist are left out.
        hidden: absolute host paths to cover, with everything below them that is not shown by itself.

    Returns:
        The fewest mounts that do it: nothing twice, and no cover over what is not visible anyway.

    Raises:
        OSError: if a path cannot be looked up, or its symlinks form a circle.
    """
    links, wanted = {}, {}
    for path in read_only:
        real, found = resolve(path)
        if real is not None:
            wanted[real] = True
            links.update(found)
    wanted |= {os.path.realpath(path): False for path in hidden}
    mounts = {}
    for path in sorted(wanted, key=lambda path: len(PurePosixPath(path).parts)):
        outer = next((str(p) for p in PurePosixPath(path).parents if str(p) in mounts), None)
        seen = mounts[outer] if outer else False
        if wanted[path] != seen and (wanted[path] or os.path.lexists(path)):
            mounts[path] = wanted[path]
    return View(tuple(mounts.items()), tuple(links.items()))


def resolve(path: str) -> tuple[str | None, dict[str, str]]:
    """Follow a path as the kernel does.

    Returns:
        The path without symlinks, None if it does not exist; and each symlink on the way with its target.
    """
    links, done, rest, followed = {}, "/", [*PurePosixPath(path).parts[1:]], 0
    while rest:
        part = rest.pop(0)
        step = os.path.normpath(os.path.join(done, part))
        try:
            is_link = stat.S_ISLNK(os.lstat(step).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return None, links
        if not is_link:
            done = step
            continue
        followed += 1
        if followed > 40:  # the kernel's own limit
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        links[step] = target = os.readlink(step)
        if target.startswith("/"):
            done = "/"
        rest[:0] = [part for part in PurePosixPath(target).parts if part != "/"]
    return done, links
