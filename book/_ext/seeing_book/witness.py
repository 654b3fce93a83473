"""What a page read while it ran, written down by its own kernel.

`SOURCE` is sent to the kernel before the first cell. It is an audit hook (PEP 578), which no later code can take away:
it notes every file that is opened for reading and every folder that is listed outside the book and what is installed,
and that the library was asked for data (`seeing.data` raises an event of that name, also where there is none). It goes
on in forked processes. What is read by C code past Python (`cv2.imread`, `torchvision.io.read_file`) stays unseen.
"""

import json
import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

# The system's own and the caches and settings of the packages: nothing that a page shows.
SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr/lib", "/usr/share", "/lib")
PRIVATE = ("~/.cache/matplotlib", "~/.config/matplotlib", "~/.cache/fontconfig", "~/.ipython", "~/.jupyter")

SOURCE = """
import json, os, sys

def watch(log, passed):
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    known, made = set(), set()

    def note(kind, path):
        path = os.path.realpath(os.fsdecode(path))
        if (kind, path) in known or path in made or (path + os.sep).startswith(passed):
            return
        known.add((kind, path))
        os.write(file, (json.dumps([kind, path]) + "\\n").encode())

    def hook(event, arguments):
        if event not in ("open", "os.listdir", "os.scandir", "seeing.data"):
            return
        path = arguments[0]
        if path is None:
            path = "."
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        try:
            if event == "seeing.data":
                note("asked", path)
            elif event != "open":
                note("listed", path)
            elif arguments[2] & (os.O_EXCL | os.O_TRUNC):
                made.add(os.path.realpath(os.fsdecode(path)))
            elif not arguments[2] & os.O_WRONLY:
                note("read", path)
        except (OSError, ValueError):
            pass

    sys.addaudithook(hook)
"""


@dataclass(frozen=True)
class Reading:
    """What a page asked for and read, outside the book and what is installed."""

    asked: list[str] = field(default_factory=list)
    """Folders in which the library looked for real data, whether it was there or not."""
    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)


def installed_folders() -> list[str]:
    """Where Python and packages lie."""
    places = {*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix, *site.getsitepackages()}
    return [*places, site.getusersitepackages()]


def code(log: Path, inside: Iterable[Path]) -> str:
    """The code that starts the watch; it leaves no name behind.

    Args:
        log: the file to write to.
        inside: folders whose files are not noted.
    """
    folders = [*map(str, inside), *installed_folders(), *SYSTEM, *map(os.path.expanduser, PRIVATE)]
    passed = tuple(sorted({os.path.realpath(folder) + os.sep for folder in folders} - {os.sep}))
    return f"(lambda space: (exec({SOURCE!r}, space), space['watch']({str(log)!r}, {passed!r})))({{}})"


def read_log(log: Path) -> Reading:
    """What the watch wrote down; lines that a killed kernel left half written are passed over."""
    noted: dict[str, set[str]] = {"asked": set(), "read": set(), "listed": set()}
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    for line in lines:
        try:
            kind, path = json.loads(line)
        except ValueError:
            continue
        noted[kind].add(path)
    return Reading(sorted(noted["asked"]), sorted(noted["read"]), sorted(noted["listed"]))
