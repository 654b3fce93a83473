"""What running one submission needs, as data: it can cross to another machine."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from proctor.kernels.zygote import PRELOAD

FILES = 256 << 20  # bytes that may lie beside a notebook
SANDBOX = ("required", "preferred", "off")


@dataclass(frozen=True)
class Limits:
    """What a submission may take.

    Args:
        timeout: seconds a cell, those in which others have the processors apart; see `patience`.
        grace: seconds that code has to stop after an interrupt, in the same sense.
        total: seconds a notebook, in the same sense.
        memory: bytes of each of its processes' own data, and of all of them where the machine counts that.
        disk: bytes of its work folder, and of its /tmp.
        processes: processes and threads.
        open_files: files that a process has open at a time.
    """

    timeout: float = 30
    grace: float = 2
    total: float = 600
    memory: int = 2 << 30
    disk: int = 512 << 20
    processes: int = 64
    open_files: int = 1024


@dataclass(frozen=True)
class Job:
    """One run.

    Args:
        notebook: a sanitised submission as JSON text.
        answers: the names that the assignment's solution cells bind.
        files: pairs: path in the work folder, and where the file lies or, after `packed`, its content in base64.
        limits: what it may take.
        sandbox: "required", "preferred" (without, where this machine cannot) or "off".
        hidden: folders that no sandbox shows, wherever they lie.
        preload: what the processes have imported before they start; see `kernels.zygote.Zygote`.
        contents: whether `files` holds contents.
    """

    notebook: str
    answers: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    limits: Limits = field(default_factory=Limits)
    sandbox: str = "required"
    hidden: tuple[str, ...] = ()
    preload: tuple[str, ...] = PRELOAD
    contents: bool = False

    @property
    def key(self) -> str:
        """A digest of what is run: equal for equal notebooks and answers."""
        return hashlib.sha256(f"{self.answers}{self.notebook}".encode()).hexdigest()

    def seed(self, role: str) -> int:
        """Where a process's random numbers start: the same each time, and another one for each process."""
        return int.from_bytes(hashlib.sha256(f"{role} {self.key}".encode()).digest()[:7], "big")

    def packed(self) -> "Job":
        """The same with the content of the files instead of their places."""
        content = [(name, base64.b64encode(Path(path).read_bytes()).decode()) for name, path in self.files]
        return replace(self, files=tuple(content), contents=True)

    def unpacked(self, folder: Path) -> "Job":
        """The same with the files written to a folder."""
        if not self.contents:
            return self
        placed = []
        for number, (name, content) in enumerate(self.files):
            path = folder / str(number)
            path.write_bytes(base64.b64decode(content))
            placed.append((name, str(path)))
        return replace(self, files=tuple(placed), contents=False)

    def to_json(self) -> str:
        """As text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """From text."""
        data: dict[str, Any] = json.loads(text)
        data["limits"] = Limits(**data["limits"])
        data["files"] = tuple(map(tuple, data["files"]))
        return cls(**data | {name: tuple(data[name]) for name in ("answers", "hidden", "preload")})


def files_beside(*folders: tuple[Path, list[Path]]) -> tuple[tuple[str, str], ...]:
    """The files that lie beside a notebook, for its work folder.

    Links and special files are left out, and whatever is more than FILES.

    Args:
        folders: pairs of a folder and files in it; later ones win where two have the same name.

    Returns:
        Pairs: path in the work folder, where the file lies.
    """
    found, size = {}, 0
    for folder, files in folders:
        for path in sorted(files):
            if path.is_symlink() or not path.is_file():
                continue
            size += path.stat().st_size
            if size <= FILES:
                # resolved, since the sandbox follows no link on the way to a file
                found[str(path.relative_to(folder))] = str(path.resolve())
    return tuple(sorted(found.items()))
