"""Where the files of a data set are: under a root folder, or fetched there once from their public origin."""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from seeing.data.archive import CHUNK, sha256_of, unpack_zip
from seeing.data.files import BadFile

TIMEOUT = 30  # seconds without a byte
RANGE_PAST_THE_END = 416


class DataNotFound(FileNotFoundError):
    """A data set is not on this machine and could not be fetched."""


@dataclass(frozen=True)
class Remote:
    """One file at its origin.

    Attributes:
        url: where it is fetched from.
        path: its name below the data set's folder.
        origin: its name in the repository or archive it comes from.
        sha256: of its bytes; None where nobody has published it.
        unpack: the folder of a zip archive that goes into the data set's folder; None for a file that is used as it is.
        content: the `content_sha256` of what is unpacked.
    """

    url: str
    path: str
    origin: str = ""
    sha256: str | None = None
    unpack: str | None = None
    content: str | None = None


@dataclass(frozen=True)
class Source:
    """A data set's name, its home page and its files.

    Attributes:
        name: its folder below the root.
        title: what people call the data set.
        page: where it is described, a URL.
        remotes: its files.
        aliases: folders below the root under which the original may lie instead.
    """

    name: str
    title: str
    page: str
    remotes: tuple[Remote, ...] = ()
    aliases: tuple[str, ...] = ()


def repository_file(repository: str, commit: str, origin: str, path: str, sha256: str) -> Remote:
    """A file of a public repository, at one commit."""
    return Remote(f"https://raw.githubusercontent.com/{repository}/{commit}/{origin}", path, origin, sha256)


def data_root(root: str | Path | None = None) -> Path:
    """The folder below which each data set has its own.

    Args:
        root: the folder; if None, the environment variable SEEING_DATA, and where that is not set
            `seeing` in XDG_CACHE_HOME or ~/.cache.
    """
    root = root or os.environ.get("SEEING_DATA") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "seeing"
    root = Path(root).expanduser()
    # Whoever keeps results must know that they depend on what is there, also where nothing is: see `sys.addaudithook`.
    sys.audit("seeing.data", str(root))
    return root


def find_files(source: Source, root: str | Path | None, download: bool) -> list[Path]:
    """The files of a data set, in the order of its remotes.

    A file is looked for in the data set's folder and in the root itself, under our name for it and under the
    original's; what is found is used as it is.

    Raises:
        DataNotFound: if one is not there, and may not or could not be fetched.
        BadFile: if what was fetched has another checksum.
    """
    base = data_root(root)
    return [_find_file(source, remote, base, download) for remote in source.remotes]


def find_folder(
    source: Source, root: str | Path | None, download: bool, layouts: Sequence[Sequence[str]]
) -> tuple[Path, int]:
    """The folder of a data set, and which of its layouts it has.

    Args:
        source: the data set.
        root: as for `data_root`.
        download: whether to fetch it if it is not there.
        layouts: names of files and folders; a layout is there if all of its names are.

    Raises:
        DataNotFound: if no layout is there, and it may not or could not be fetched.
        BadFile: if what was fetched has another checksum, or is no whole archive.
    """
    base = data_root(root)
    folders = _places(source, base)
    missing = " or ".join(", ".join(names) for names in layouts)
    found = _first_layout(folders, layouts)
    if found is None and download:
        for remote in source.remotes:
            _obtain(source, remote, base, missing)
        found = _first_layout(folders, layouts)
    if found is None:
        raise not_found(source, base, missing, "what was fetched lacks it" if download else "download=False")
    return found


def not_found(source: Source, base: Path, missing: str, reason: str) -> DataNotFound:
    """The error that says what was looked for and where, why it was not fetched, and what to put where by hand."""
    folder = base / source.name
    steps = [
        f"\n  {remote.url}\n    to {folder / remote.path}{_unpacking(remote, folder)}" for remote in source.remotes
    ]
    setting = os.environ.get("SEEING_DATA")
    return DataNotFound(
        f"Not found: {source.title}. There is no {missing} in {', '.join(map(str, _places(source, base)))}.\n"
        f"It was not fetched: {reason}.\n"
        f"Its home page is {source.page}. To put it there by hand, download{''.join(steps)}\n"
        "To name another folder, pass root=... or set the environment variable SEEING_DATA "
        f"(now {setting or 'not set'})."
    )


def _unpacking(remote: Remote, folder: Path) -> str:
    if remote.unpack is None:
        return ""
    return f", and unpack {f'what is in its folder {remote.unpack}' if remote.unpack else 'it'} into {folder}"


def fetch(remote: Remote, folder: Path) -> Path:
    """Download a file: whole and checked, or not at all.

    Where the checksum is known an interrupted download is kept as `<name>.part`, and the next call goes on from
    there. Where neither it nor that of the content is known, the first download is trusted and its checksum
    written to `<name>.sha256`; a later download must have the same. The progress bar shows on a terminal only.

    Args:
        remote: the file.
        folder: the data set's folder; made if it is not there.

    Returns:
        Where it is now.

    Raises:
        BadFile: if its checksum is another; then nothing is kept, and a file that was there stays.
        OSError: if it could not be fetched or written.
    """
    target = folder / remote.path
    kept = _beside(target, ".part")
    mine = _beside(target, f".{secrets.token_hex(4)}.part")  # two processes never write into one file
    if remote.sha256 is not None:
        with contextlib.suppress(FileNotFoundError):
            os.replace(kept, mine)
    try:
        _stream(remote.url, mine)
        got = sha256_of(mine)
    except BaseException:
        if mine.exists() and remote.sha256 is not None:
            os.replace(mine, kept)
        mine.unlink(missing_ok=True)
        raise
    note = _note(target)
    expected = remote.sha256 or (note.exists() and note.read_text()[:64]) or got
    if got != expected:
        mine.unlink()
        raise BadFile(target, f"{remote.url} should have SHA-256 {expected}; got {got}: nothing was kept")
    os.replace(mine, target)
    if remote.sha256 is None and remote.content is None:
        note.write_text(f"{got}  {target.name}\n")
    return target


def _places(source: Source, base: Path) -> list[Path]:
    return [base / source.name, *(base / alias for alias in source.aliases), base]


def _first_layout(folders: Sequence[Path], layouts: Sequence[Sequence[str]]) -> tuple[Path, int] | None:
    for folder in folders:
        for number, names in enumerate(layouts):
            if all((folder / name).exists() for name in names):
                return folder, number
    return None


def _find_file(source: Source, remote: Remote, base: Path, download: bool) -> Path:
    names = dict.fromkeys([remote.path, remote.origin or remote.path, Path(remote.path).name])
    for folder in _places(source, base):
        for name in names:
            if (folder / name).is_file():
                return folder / name
    if not download:
        raise not_found(source, base, remote.path, "download=False")
    return _obtain(source, remote, base, remote.path)


def _obtain(source: Source, remote: Remote, base: Path, missing: str) -> Path:
    """Fetch a file, and put what is in it in its place if it is an archive."""
    folder = base / source.name
    try:
        path = fetch(remote, folder)
        if remote.unpack is not None:
            try:
                unpack_zip(path, folder, remote.unpack, remote.content)
            except BadFile:
                _note(path).unlink(missing_ok=True)  # what cannot be unpacked was no archive to trust
                raise
            finally:
                path.unlink(missing_ok=True)
    except (OSError, http.client.HTTPException) as error:
        raise not_found(source, base, missing, f"{type(error).__name__}: {error}") from error
    return path


def _stream(url: str, path: Path) -> None:
    """Append what is missing of a file, or write all of it where the server does not send a part."""
    done = path.stat().st_size if path.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "seeing"})
    if done:
        request.add_header("Range", f"bytes={done}-")
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if done and error.code == RANGE_PAST_THE_END:
            return  # it was whole already, or is not the same file: the checksum tells
        raise
    with response:
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:
            done = 0
        length = response.headers.get("Content-Length")
        total = done + int(length) if length and length.isdigit() else None
        bar = tqdm(desc=path.name.split(".")[0], total=total, initial=done, unit="B", unit_scale=True, disable=None)
        path.parent.mkdir(parents=True, exist_ok=True)  # not before the server answered: a failure leaves no folder
        with bar, path.open("ab" if done else "wb") as file:
            while chunk := response.read(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
    size = path.stat().st_size
    if total is not None and size != total:
        raise ConnectionError(f"{url} ended after {size} of {total} bytes: call again")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _note(path: Path) -> Path:
    """Where the checksum of a file is written that nothing else vouches for, in the form of `sha256sum`."""
    return _beside(path, ".sha256")
