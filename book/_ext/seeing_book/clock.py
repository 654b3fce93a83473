"""How long a kernel has worked: a limit in wall time loses a page on every machine that is busy or slow.

Counted is the processor time of the kernel and of the processes it started, and the time in which none of them did or
wanted anything (a download that hangs, a lock never released). Not counted is the time in which others had the
processors.
"""

import contextlib
import time
from pathlib import Path

import psutil

ASLEEP = 0.01  # of one processor: where the system does not count waiting, a kernel that uses less does nothing


def tree(pid: int) -> list[psutil.Process]:
    """A process and all that it started; empty where it is gone."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def processor_time(processes: list[psutil.Process]) -> float:
    """Seconds that some processes, and those they waited for, had a processor."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:2])
    if processes:  # the children that ended are counted once, by who waited for them
        with contextlib.suppress(psutil.Error):
            total += sum(processes[0].cpu_times()[2:4])
    return total


def waiting_time(processes: list[psutil.Process]) -> float | None:
    """Seconds that threads of some processes were ready to run while others had the processors; None if not counted."""
    ran = waited = 0
    for process in processes:
        with contextlib.suppress(OSError, ValueError, IndexError):
            for task in list(Path(f"/proc/{process.pid}/task").iterdir()):
                on, off, *_ = map(int, (task / "schedstat").read_text().split())
                ran, waited = ran + on, waited + off
    return waited / 1e9 if ran else None


class Clock:
    """Counts the time of a process tree from now on; `read` it often, for idle time is seen between two readings."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.idle = 0.0
        self.begin = self.busy = processor_time(tree(pid))
        self.waited = waiting_time(tree(pid))
        self.last = time.monotonic()

    def read(self) -> float:
        """Seconds counted so far."""
        now, processes = time.monotonic(), tree(self.pid)
        busy, waited = processor_time(processes), waiting_time(processes)
        passed, worked = now - self.last, max(0.0, busy - self.busy)
        if waited is None or self.waited is None:
            self.idle += passed if worked < ASLEEP * passed else 0.0
        else:
            self.idle += max(0.0, passed - worked - max(0.0, waited - self.waited))
        self.last, self.busy, self.waited = now, max(busy, self.busy), waited
        return self.busy - self.begin + self.idle
