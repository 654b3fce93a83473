"""What one sandbox may see and use."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath

MIB = 2**20


class SandboxError(Exception):
    """A sandbox that cannot be had: one sentence that names the layer, what failed and what to do.

    Args:
        layer: "namespaces", "read-only root", "limits", ... as in the probe's report.
        message: the sentence.
    """

    def __init__(self, layer: str, message: str):
        super().__init__(f"{layer}: {message}")
        self.layer = layer


@contextmanager
def layer(name: str, remedy: str) -> Iterator[None]:
    """Turn an OSError inside the block into a SandboxError of this layer that ends with the remedy."""
    try:
        yield
    except OSError as error:
        about = " -> ".join(str(name) for name in (error.filename, error.filename2) if name is not None)
        reason = f"{about}: {error.strerror}" if about else str(error)
        raise SandboxError(name, f"{reason}; {remedy}") from error


@dataclass(frozen=True)
class Policy:
    """What one sandbox may see and use; the same on every host.

    Args:
        root: an existing, empty host directory where the new root is mounted. Many sandboxes may share it at once:
            each mounts it in a namespace of its own.
        read_only: host paths, visible read-only at the same place. Those that do not exist are left out; a symlink
            becomes the same symlink, and what it points to is visible too.
        hidden: host paths that are covered where they lie inside a `read_only` path: a directory by an empty one, a
            file by an empty one. Of two nested paths the deeper wins, of two equal ones `hidden`.
        files: pairs (host file, path relative to the work folder), copied in before the rights are lost. No part of
            the host path may be a symlink, and only regular files count.
        memory: bytes of memory for all processes together (with a memory cgroup), else for each.
        disk: bytes of each of /submission, /tmp and /dev/shm, and of the largest file.
        processes: processes and threads together.
        open_files: file descriptors of each process.
        uid: the user to become when started as root; another one in each sandbox keeps their counts apart.
        gid: its group.
        cgroups: directories whose `cgroup.procs` the sandbox joins (`cgroups.Group.directories`); may be empty.

    Raises:
        SandboxError: if a path is not absolute, a relative one leaves the work folder, or a number is not positive.
    """

    root: str
    read_only: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    memory: int = 2048 * MIB
    disk: int = 512 * MIB
    processes: int = 128
    open_files: int = 1024
    uid: int = 60_900
    gid: int = 60_900
    cgroups: tuple[str, ...] = ()

    def __post_init__(self):
        set_ = object.__setattr__
        set_(self, "root", str(self.root))
        for name in ("read_only", "hidden", "cgroups"):
            set_(self, name, tuple(str(path) for path in getattr(self, name)))
        set_(self, "files", tuple((str(host), str(inside)) for host, inside in self.files))
        for path in (self.root, *self.read_only, *self.hidden, *self.cgroups, *(host for host, _ in self.files)):
            if not path.startswith("/") or "\0" in path:
                raise SandboxError("policy", f"expected an absolute path, got {path!r}: give the whole path")
        if any(PurePosixPath(path) == PurePosixPath("/") for path in (*self.read_only, *self.hidden)):
            raise SandboxError("policy", "`/` cannot be read_only or hidden: name the folders that are needed")
        for _, inside in self.files:
            parts = PurePosixPath(inside).parts
            if not parts or parts[0] == "/" or ".." in parts or "\0" in inside:
                raise SandboxError("policy", f"expected a path below the work folder, got {inside!r}: no `..`, no `/`")
        for name in ("memory", "disk", "processes", "open_files", "uid", "gid"):
            if not isinstance(value := getattr(self, name), int) or value < 1:
                raise SandboxError("policy", f"expected {name} to be a whole number above 0, got {value!r}")

    def to_json(self) -> str:
        """The policy as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Policy":
        """The policy that `to_json` wrote.

        Raises:
            SandboxError: if the text holds a field that a policy lacks.
        """
        values = json.loads(text)
        if unknown := set(values) - {field.name for field in fields(cls)}:
            raise SandboxError("policy", f"unknown fields {', '.join(sorted(unknown))}: written by another version?")
        return cls(**values)


def python_paths() -> tuple[str, ...]:
    """Host paths that this Python needs to run its own packages: for `Policy.read_only`."""
    system = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
    here = Path(__file__).parents[1]
    return tuple(dict.fromkeys((*system, sys.prefix, sys.base_prefix, str(here))))
