"""A time limit counts the time that a process had a processor for, or did not want one."""

import asyncio
import os
import subprocess
import sys
import threading
import time

import pytest

from proctor.running import patience
from proctor.running.patience import Clock, Process, Use, process, settled, settled_fairly, waited_for_others
from tests.proctor.loops import run as in_a_thread


class Fork:
    """Stands for a process of a submission."""

    def __init__(self, pid):
        self.pid = pid


class Machine:
    """Stands for /proc, in which a process may be said to have run and waited.

    Args:
        folder: an empty one.
    """

    def __init__(self, folder):
        self.folder = folder

    def says(self, pid, *threads, parent=1, ended=0.0):
        """Note what the threads of a process had: pairs (ran, waited), in seconds; `ended` ran and are gone."""
        place = self.folder / str(pid)
        for number, (ran, waited) in enumerate(threads):
            (place / "task" / str(pid + number)).mkdir(parents=True, exist_ok=True)
            text = f"{int(ran * 1e9)} {int(waited * 1e9)} 7\n"
            (place / "task" / str(pid + number) / "schedstat").write_text(text)
        ticks = round((sum(ran for ran, _ in threads) + ended) * patience.TICKS)
        fields = [b"S", parent, *[0] * 9, ticks, 0, 0, 0, 20]
        text = b" ".join(str(one).encode() if isinstance(one, int) else one for one in fields)
        (place / "stat").write_bytes(b"%d (a) b) %b" % (pid, text))


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setattr(patience, "PROC", tmp_path)
    return Machine(tmp_path)


def use(*pairs, ended=0.0):
    """A process whose threads had this: pairs (ran, waited)."""
    threads = {number: Use(*pair) for number, pair in enumerate(pairs)}
    return Process(sum(ran for ran, _ in pairs) + ended, threads)


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ({1: use((1, 5))}, 5),  # ran a second, waited five
        ({1: use((1, 0))}, 0),
        ({1: use((1, 5), (0.1, 2))}, 4.9),  # the longest wait, less what the other thread ran meanwhile
        ({1: use((1, 2), (3, 5))}, 4),
        ({1: use((1, 5), ended=9)}, 0),  # children that have ended had the processors
        ({1: use((0, 0)), 2: use((1, 5))}, 5),  # a child waits, its parent sleeps until it ends
        ({number: use((1, 9)) for number in range(20)}, 0),  # twenty that wait for each other
        ({}, 0),
    ],
)
def test_waiting_for_others(now, seconds):
    assert waited_for_others({}, now) == pytest.approx(seconds, abs=1e-9)


def test_what_was_before_does_not_count():
    before, now = {1: use((3, 50), (7, 1))}, {1: use((4, 52), (7, 1))}
    assert waited_for_others(before, now) == pytest.approx(2)
    assert waited_for_others(now, now) == 0


def test_a_clock(machine, monkeypatch):
    """Ten seconds on the wall: six waiting, of which a child of a child ran two."""
    machine.says(10, (1, 1), (5, 5))
    clock = Clock([Fork(10)])
    machine.says(10, (2, 7), (5, 5))
    machine.says(20, (0, 0), parent=10)
    machine.says(30, (2, 0), parent=20)
    machine.says(40, (99, 0), parent=1)  # a stranger
    monkeypatch.setattr(clock, "passed", lambda: 10.0)
    assert clock.spent() == pytest.approx(6, abs=0.02)
    machine.says(10, (2, 99), (5, 5))
    assert clock.spent() == 0


def test_nobody_counts(tmp_path, monkeypatch):
    """Where the kernel keeps no record, and when the process is gone: the time on the wall."""
    monkeypatch.setattr(patience, "PROC", tmp_path / "nowhere")
    clock = Clock([Fork(os.getpid()), Fork(0)])
    monkeypatch.setattr(clock, "passed", lambda: 10.0)
    assert clock.spent() == 10


async def never():
    await asyncio.Event().wait()


@pytest.mark.parametrize(("waited", "least"), [(0, 0.1), (0.2, 0.3), (99, 0.5)])
def test_waiting_is_added(machine, monkeypatch, waited, least):
    """Up to a multiple of the limit."""
    monkeypatch.setattr(patience, "MOST", 4)
    machine.says(10, (0, 0))

    async def run():
        task = asyncio.ensure_future(never())
        begin = time.monotonic()
        waiting = asyncio.ensure_future(settled_fairly(task, timeout=0.1, forks=[Fork(10)]))
        await asyncio.sleep(0)
        machine.says(10, (0, waited))
        done = await waiting
        task.cancel()
        return done, time.monotonic() - begin

    done, seconds = in_a_thread(run())
    assert done == set()
    assert seconds >= least - 1.1 * patience.CLOSE  # how much more depends on how busy the machine is


def test_what_is_done_is_told_at_once():
    async def run():
        quick, slow = asyncio.ensure_future(asyncio.sleep(0)), asyncio.ensure_future(never())
        done = await settled_fairly(quick, slow, timeout=3600, forks=[])
        also = await settled(quick, slow, timeout=3600)
        slow.cancel()
        return done == {quick} == also

    assert in_a_thread(run())


BUSY = "while True: pass"
linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


@linux
def test_the_kernel_counts():
    """A process that shares one processor with two others waits for more than it runs; its clock stands meanwhile."""
    processor = {min(os.sched_getaffinity(0))}
    running = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(3)]
    try:
        for one in running:
            os.sched_setaffinity(one.pid, processor)
        clock, before = Clock([Fork(running[0].pid)]), process(running[0].pid)
        while (now := process(running[0].pid)).ran - before.ran < 0.5:
            time.sleep(0.05)
        ran = now.ran - before.ran
        assert clock.passed() - clock.spent() > ran
        assert clock.spent() < clock.passed() - ran
    finally:
        for one in running:
            one.kill()
            one.wait()


@linux
def test_ones_own_children_are_no_excuse():
    """The same three, two of which are children of the first: its clock goes on."""
    source = "import os\nos.fork() and os.fork()\nwhile True: pass"
    processor = {min(os.sched_getaffinity(0))}
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processor)
    try:
        one = subprocess.Popen([sys.executable, "-c", source], start_new_session=True)
    finally:
        os.sched_setaffinity(0, before)
    try:
        while len(patience.descendants([one.pid])[one.pid]) < 2 or process(one.pid).ran < 0.5:
            time.sleep(0.05)
        family = {one.pid: process(one.pid), **patience.descendants([one.pid])[one.pid]}
        children = sum(found.ran for pid, found in family.items() if pid != one.pid)
        waited = max(use.waited for found in family.values() for use in found.threads.values())
        assert min(children, waited) > 0.1
        assert waited_for_others({}, family) <= max(0.0, waited - 0.1)
    finally:
        os.killpg(one.pid, 9)
        one.wait()


@linux
def test_a_thread_knows_its_own_wait():
    found = []
    thread = threading.Thread(target=lambda: found.append(patience.own_wait()))
    thread.start()
    thread.join()
    assert 0 <= found[0] <= time.monotonic()
