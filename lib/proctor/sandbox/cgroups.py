"""Control groups: how much memory and how many processes a whole sandbox may take, counted by the kernel."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0  # seconds that `remove` waits for killed processes to be gone: a net, since it takes milliseconds


@dataclass(frozen=True)
class Group:
    """A control group of version 2, or one of version 1 for each controller; made by `create`.

    Args:
        directories: for `Policy.cgroups`.
    """

    directories: tuple[str, ...]

    def processes(self) -> list[int]:
        """The ids of the processes in the group, as this process sees them (0: not in its namespace)."""
        found = set()
        for directory in self.directories:
            with contextlib.suppress(OSError):
                found.update(map(int, Path(directory, "cgroup.procs").read_text().split()))
        return sorted(found)

    def killed_by_memory(self) -> bool:
        """Whether the kernel has ended a process of the group because the memory was used up."""
        for directory in self.directories:
            for name in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(OSError):
                    counts = dict(line.split() for line in Path(directory, name).read_text().splitlines())
                    if int(counts.get("oom_kill", 0)) > 0:
                        return True
        return False

    def remove(self) -> None:
        """End what is left in the group and take it away; what resists for a minute is left, without an error."""
        until = time.monotonic() + PATIENCE
        while True:
            for process in filter(None, self.processes()):
                with contextlib.suppress(OSError):
                    os.kill(process, signal.SIGKILL)
            for directory in self.directories:
                with contextlib.suppress(OSError):
                    os.rmdir(directory)
            if not any(os.path.exists(directory) for directory in self.directories) or time.monotonic() > until:
                return
            time.sleep(0.005)


def create(name: str, memory: int, processes: int) -> Group | None:
    """Make a group below the one that this process is in.

    Args:
        name: the name of its folders; one sandbox, one name.
        memory: bytes for all processes together, the contents of /tmp, /submission and /dev/shm among them.
        processes: processes and threads together.

    Returns:
        None where there is no memory controller that this process may use: the caller goes without.
    """
    settings = {"memory": memory, "pids": processes}
    homes = homes_of_version_1()
    if "memory" in homes:
        return make({controller: homes[controller] for controller in settings if controller in homes}, name, settings)
    home = home_of_version_2()
    return make({"memory": home, "pids": home}, name, settings) if home else None


def make(homes: dict[str, Path], name: str, settings: dict[str, int]) -> Group | None:
    """Make the folders and write the bounds; all of it or nothing."""
    made = []
    try:
        for directory in dict.fromkeys(str(home / name) for home in homes.values()):
            os.mkdir(directory)
            made.append(directory)
        for controller, home in homes.items():
            bound(home / name, controller, settings[controller])
    except OSError:
        Group(tuple(made)).remove()  # only what was made here: one of that name may be somebody else's
        return None
    return Group(tuple(made))


def bound(directory: Path, controller: str, value: int) -> None:
    """Write the bound of one controller; the memory's also holds for swap where the kernel counts it."""
    if controller == "pids":
        (directory / "pids.max").write_text(str(value))
    elif (directory / "memory.max").exists():
        (directory / "memory.max").write_text(str(value))
        with contextlib.suppress(OSError):
            (directory / "memory.swap.max").write_text("0")
    else:
        (directory / "memory.limit_in_bytes").write_text(str(value))
        with contextlib.suppress(OSError):
            (directory / "memory.memsw.limit_in_bytes").write_text(str(value))


def homes_of_version_1() -> dict[str, Path]:
    """The folder of this process's own group for each version 1 controller that is mounted and known."""
    homes = {}
    for kind, root, point, options in mounts():
        if kind == "cgroup":
            for controller in {"memory", "pids"} & set(options):
                if own := own_group(controller):
                    homes[controller] = inside(point, root, own)
    return homes


def home_of_version_2() -> Path | None:
    """The nearest group, from this process's own upwards, that hands memory and processes on and may be written."""
    own = own_group("")
    for kind, root, point, _ in mounts():
        if kind != "cgroup2" or not own:
            continue
        for home in (start := inside(point, root, own), *start.parents):
            if not home.is_relative_to(point):
                break
            with contextlib.suppress(OSError):
                handed_on = (home / "cgroup.subtree_control").read_text().split()
                # The kernel moves a process only for who may write to the group above both.
                writable = os.access(home, os.W_OK) and os.access(home / "cgroup.procs", os.W_OK)
                if {"memory", "pids"} <= set(handed_on) and writable:
                    return home
    return None


def own_group(controller: str) -> str | None:
    """The path of this process's group for a version 1 controller, or with "" for version 2."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controller in controllers.split(",") and bool(controller) == bool(controllers):
                return path
    return None


def mounts() -> list[tuple[str, str, Path, list[str]]]:
    """(kind, root, mount point, controllers) of every mounted hierarchy of control groups."""
    found = []
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            before, _, after = line.partition(" - ")
            root, point = before.split()[3:5]
            kind, _, options = after.split(maxsplit=2)
            if kind in ("cgroup", "cgroup2"):
                found.append((kind, root, Path(point), options.split(",")))
    return found


def inside(point: Path, root: str, group: str) -> Path:
    """Where a group lies below a mount point that shows the hierarchy from `root` on."""
    relative = os.path.relpath(group, root)
    return point if relative.startswith("..") else point / relative
