"""Writing a file so that it appears whole or not at all: an interrupt or a full disk leaves what was there before."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: str | os.PathLike) -> Iterator[Path]:
    """A place to write to; at the end of the block what stands there takes the file's name.

    Args:
        path: of the file, which may be there already; folders above it are made.

    Yields:
        A path beside it that no other process writes to.

    Raises:
        FileNotFoundError: at the end of the block, if nothing was written.

    Whatever the block raises goes on, and nothing is left of what it wrote.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield unfinished
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
