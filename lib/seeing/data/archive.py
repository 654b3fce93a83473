"""Unpacking an archive that came from elsewhere: nothing outside the folder, nothing half done, nothing unchecked."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from seeing.data.files import BadFile

MOST_SWELLING = 100  # pictures hardly shrink in an archive, JSON about tenfold, a bomb a thousandfold
CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_sha256(folder: Path) -> str:
    """The SHA-256 of all files under a folder, however they were packed.

    It is the SHA-256 of the lines that `sha256sum` prints for the files, relative to the folder and sorted by name.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [f"{sha256_of(folder / name)}  {name}\n" for name in names]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def unpack_zip(archive: Path, into: Path, prefix: str = "", content: str | None = None) -> None:
    """Unpack one folder of a zip archive; files that are already there stay as they are.

    A whole new folder appears at once, so that an interrupted call leaves no half of it.

    Args:
        archive: the zip file.
        into: where the files go; made if it is not there.
        prefix: the folder of the archive whose files are wanted, with its slash; all if empty.
        content: the `content_sha256` expected of what is unpacked; None if it is not known.

    Raises:
        BadFile: if it is no whole zip archive, holds nothing under `prefix`, names a file outside its own folder,
            unpacks to over 100 times its size, or has another content than `content` says.
    """
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".unpacking-") as scratch:
        fresh = Path(scratch)
        try:
            with zipfile.ZipFile(archive) as zipped:
                for member, name in _members(archive, zipped, prefix):
                    _extract(zipped, member, fresh / name)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise BadFile(archive, f"a whole zip archive was expected; {error}") from error
        if content is not None and (got := content_sha256(fresh)) != content:
            raise BadFile(archive, f"what it holds should have SHA-256 {content}; got {got}")
        _move(fresh, into)


def _members(archive: Path, zipped: zipfile.ZipFile, prefix: str) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The files under `prefix`, with their names below it; all names are checked before the first is given."""
    wanted = [m for m in zipped.infolist() if m.filename.startswith(prefix) and not m.is_dir()]
    if not wanted:
        raise BadFile(archive, f"files under {prefix or 'any name'!r} were expected; it holds none")
    size = sum(member.file_size for member in wanted)
    if size > MOST_SWELLING * archive.stat().st_size:
        raise BadFile(archive, f"unpacks to {size} bytes, over {MOST_SWELLING} times its own size")
    for member in wanted:
        parts = PurePosixPath(member.filename[len(prefix) :]).parts
        if not parts or any(p in ("/", "..") or "\\" in p or ":" in p for p in parts):
            raise BadFile(archive, f"a name inside its own folder was expected; got {member.filename!r}")
    return ((member, member.filename[len(prefix) :]) for member in wanted)


def _extract(zipped: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipped.open(member) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file, CHUNK)


def _move(fresh: Path, into: Path) -> None:
    """Each entry in one step where there is none of its name, else what is missing inside it."""
    for entry in list(fresh.iterdir()):
        target = into / entry.name
        if not target.exists():
            os.replace(entry, target)
        elif entry.is_dir():
            _move(entry, target)
