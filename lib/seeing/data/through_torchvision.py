"""Letting torchvision download a data set, with our errors and our silence."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from seeing.data.download import Source, not_found


@contextlib.contextmanager
def through_torchvision(source: Source, base: Path, missing: str) -> Iterator[None]:
    """What is done inside may download with torchvision.

    Its progress bar shows on a terminal only, and nothing else of what it prints.

    Args:
        source: the data set.
        base: the folder below which it gets its own.
        missing: what was looked for.

    Raises:
        DataNotFound: if it could not be fetched, or does not have its checksum.
    """
    quiet = contextlib.nullcontext() if sys.stderr.isatty() else contextlib.redirect_stderr(io.StringIO())
    try:
        with quiet, contextlib.redirect_stdout(io.StringIO()):
            yield
    except (OSError, RuntimeError) as error:
        with contextlib.suppress(OSError):
            (base / source.name).rmdir()  # torchvision makes the folder first; it goes unless something is in it
        raise not_found(source, base, missing, f"{type(error).__name__}: {error}") from error
