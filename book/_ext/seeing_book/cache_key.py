"""Which folder keeps the executed cells.

jupyter-cache runs a page again when its code changed. It does not see that the library or a package changed, so
the folder's name says which library and which packages its outputs come from.
"""

import hashlib
import importlib.metadata
import os
import platform
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

PACKAGES = ("torch", "torchvision", "numpy", "matplotlib")
PREFIX = "executed-"
KEEP = 2


def installed_versions() -> dict[str, str]:
    """Python's version and those of the packages that decide what a cell prints; "absent" where not installed."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "absent"
    return versions


def cache_key(library: Path, versions: dict[str, str]) -> str:
    """Twelve hex digits that change with any source file under `library` or any of the versions."""
    digest = hashlib.sha256()
    for file in sorted(library.rglob("*.py")):
        digest.update(file.relative_to(library).as_posix().encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    for name, version in sorted(versions.items()):
        digest.update(f"{name}=={version}\0".encode())
    return digest.hexdigest()[:12]


def remove_stale(current: Path) -> None:
    """Delete the caches beside `current` but for the most lately used, so that `KEEP` are left with it.

    The one before is kept because going back and forth between two branches is common.
    """
    others = [folder for folder in current.parent.glob(PREFIX + "*") if folder != current and folder.is_dir()]
    others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in others[KEEP - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def set_cache_folder(app: Sphinx, config: Config) -> None:
    """Point myst-nb to the cache of this library and these packages (`config-inited`).

    The option belongs to Sphinx's environment, so a new value also makes it read every page again.
    """
    library = Path(app.srcdir).parent / "lib" / "seeing"
    folder = Path(app.outdir).parent / (PREFIX + cache_key(library, installed_versions()))
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)  # the time of last use, for remove_stale
    remove_stale(folder)
    config.nb_execution_cache_path = str(folder)
