"""Waiting with a time limit that is fair: time in which others had the processors does not count.

A verdict must not hang on how busy the machine is. So a limit of three seconds means three seconds in which the code
ran, slept or waited for something else than a processor. The time in which it was ready to run and others ran comes on
top, as the kernel counts it, as far as the others were not its own threads and children: code that starts a hundred
processes waits for those.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from proctor.kernels.zygote import Fork

MOST = 20  # times the limit that waiting may add: a net below all this; no machine that is of use is that busy
CLOSE = 0.05  # seconds before the end that are not worth waiting for
PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


class Use(NamedTuple):
    """What one thread had of the processors, in seconds.

    Args:
        ran: on one.
        waited: ready to run, while others had them.
    """

    ran: float = 0.0
    waited: float = 0.0


class Process(NamedTuple):
    """What a process had of the processors.

    Args:
        ran: seconds, those of its threads and children that have ended included.
        threads: thread -> use.
    """

    ran: float
    threads: dict[int, Use]


GONE = Process(0.0, {})


class Clock:
    """Says how much of its limit some work has spent since the clock was made.

    Args:
        forks: the processes that work on it; may be empty.
    """

    def __init__(self, forks: Iterable[Fork]) -> None:
        self.forks = [fork.pid for fork in forks]
        self.before = {pid: {pid: process(pid)} for pid in self.forks}
        self.own = own_wait()
        self.begin = time.monotonic()

    def passed(self) -> float:
        """Seconds on the wall."""
        return time.monotonic() - self.begin

    def spent(self) -> float:
        """Seconds on the wall, less those in which others had the processors; never less than nothing."""
        passed, families = self.passed(), descendants(self.forks)
        waits = (waited_for_others(self.before[pid], {pid: process(pid), **families[pid]}) for pid in self.forks)
        return max(0.0, passed - sum(waits))

    def delayed(self) -> float:
        """Seconds that this thread waited for a processor: it may have been late to hear of the work's end."""
        return max(0.0, own_wait() - self.own)


def waited_for_others(before: dict[int, Process], now: dict[int, Process]) -> float:
    """Seconds that a process, or one that it started, waited while strangers had the processors.

    Args:
        before: process -> what it had had when the time began; nothing for one that did not run then.
        now: the same at the end.

    Returns:
        Of the thread that waited longest, its waiting less all that the other threads and processes of `now` ran,
        which may have been what it waited for.
    """
    ran = sum(one.ran - before.get(pid, GONE).ran for pid, one in now.items())
    longest = 0.0
    for pid, one in now.items():
        earlier = before.get(pid, GONE).threads
        for thread, use in one.threads.items():
            had = earlier.get(thread, Use())
            others = max(0.0, ran - (use.ran - had.ran))
            longest = max(longest, use.waited - had.waited - others)
    return longest


def process(pid: int) -> Process:
    """What a process has had so far; nothing where it is gone or nobody counts."""
    threads = {}
    with contextlib.suppress(OSError, ValueError, IndexError):
        for one in (PROC / str(pid) / "task").iterdir():
            with contextlib.suppress(OSError, ValueError):  # one that has just ended
                ran, waited = (one / "schedstat").read_text().split()[:2]
                threads[int(one.name)] = Use(int(ran) / 1e9, int(waited) / 1e9)
        ticks = sum(map(int, status(PROC / str(pid))[11:15]))  # user and system time, its own and its children's
        return Process(ticks / TICKS, threads)
    return Process(0.0, threads)


def status(folder: Path) -> list[bytes]:
    """The fields of a process's `stat` behind its name, which may hold anything: state, parent, ..."""
    return (folder / "stat").read_bytes().rpartition(b")")[2].split()


def own_wait() -> float:
    """Seconds that this thread has waited for a processor; 0 where nobody counts."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((PROC / "thread-self" / "schedstat").read_text().split()[1]) / 1e9
    return 0.0


def descendants(pids: list[int]) -> dict[int, dict[int, Process]]:
    """The processes that some processes have started, and those that these have started in turn.

    Returns:
        One of `pids` -> process -> what it has had.
    """
    children: dict[int, list[int]] = {}
    for pid, parent in parents():
        children.setdefault(parent, []).append(pid)
    found = {}
    for pid in pids:
        found[pid], waiting = {}, list(children.get(pid, []))
        while waiting:
            one = waiting.pop()
            found[pid][one] = process(one)
            waiting += children.get(one, [])
    return found


def parents() -> Iterator[tuple[int, int]]:
    """Every process of the machine and its parent."""
    with contextlib.suppress(OSError):
        for one in PROC.iterdir():
            if one.name.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError):  # one that has just ended
                    yield int(one.name), int(status(one)[1])


async def settled(*tasks: asyncio.Future, timeout: float | None = None) -> set[asyncio.Future]:
    """Wait until one of some tasks is done or the time is up; those that are done."""
    done, _ = await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    return done


async def settled_fairly(*tasks: asyncio.Future, timeout: float, forks: list[Fork]) -> set[asyncio.Future]:
    """As `settled`, the time in which the forks waited for a processor added to the limit.

    More submissions run at a time than there are processors; a training that fits its limit alone must fit it here.

    Args:
        tasks: what to wait for.
        timeout: seconds.
        forks: the processes that work on it.
    """
    clock, left = Clock(forks), timeout
    while left > CLOSE:
        if done := await settled(*tasks, timeout=left):
            return done
        left = min(timeout - clock.spent() + clock.delayed(), (1 + MOST) * timeout - clock.passed())
    return {task for task in tasks if task.done()}
