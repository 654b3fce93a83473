"""Which real data is on this machine: the same page prints and draws other things where it has some."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path


def data_root(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of the data sets, as `seeing.data.download.data_root` has it, whose import would load torch."""
    if environment.get("SEEING_DATA"):
        return Path(environment["SEEING_DATA"]).expanduser()
    return Path(environment.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "seeing"


def files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """The name, the size and the time of the last change of every file below a folder, links followed once."""
    seen = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            try:
                found = os.stat(path)
            except OSError:
                continue  # a link to nothing: a loader does not find it either
            yield os.path.relpath(path, folder), found.st_size, found.st_mtime_ns


def digest(folder: Path) -> str:
    """Twelve hex digits that change with any file below the data folder; "none" where there is none.

    Where the folder is makes no difference, and neither does reading.
    """
    listed = list(files(folder))
    return hashlib.sha256(repr(listed).encode()).hexdigest()[:12] if listed else "none"
