"""A kernel's time: its own work and its idleness, not the time that others took."""

import subprocess
import sys
import time

import psutil
import pytest
from seeing_book import clock

LIMITS = {"busy": "while True: pass", "asleep": "import time; time.sleep(60)"}


def started(text: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", text])


def read_for(watch: clock.Clock, seconds: float) -> float:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.1)
        counted = watch.read()
    return counted


@pytest.mark.parametrize("name", LIMITS)
def test_work_and_idleness_count(name):
    process = started(LIMITS[name])
    try:
        time.sleep(0.5)
        begin = time.monotonic()
        watch = clock.Clock(process.pid)
        counted = read_for(watch, 1.5)
        assert counted <= time.monotonic() - begin + 0.3
        if name == "busy":
            assert counted == pytest.approx(sum(psutil.Process(process.pid).cpu_times()[:2]) - watch.begin, abs=0.3)
    finally:
        process.kill()
        process.wait()


def test_idleness_counts_whole(monkeypatch):
    """By hand: a kernel that neither works nor waits for ten seconds has had ten."""
    monkeypatch.setattr(clock, "tree", lambda pid: [])
    for waited in (0.0, None):
        times = iter([100.0, 104.0, 110.0])
        monkeypatch.setattr(clock, "waiting_time", lambda processes, waited=waited: waited)
        monkeypatch.setattr(clock.time, "monotonic", lambda times=times: next(times))
        watch = clock.Clock(1)
        assert watch.read() == pytest.approx(4)
        assert watch.read() == pytest.approx(10)


def test_others_time_does_not_count(monkeypatch):
    """By hand: in ten seconds three of work, six of waiting, one of sleep: four count."""
    monkeypatch.setattr(clock, "tree", lambda pid: [])
    times, works, waits = iter([0.0, 10.0]), iter([5.0, 8.0]), iter([1.0, 7.0])
    monkeypatch.setattr(clock.time, "monotonic", lambda: next(times))
    monkeypatch.setattr(clock, "processor_time", lambda processes: next(works))
    monkeypatch.setattr(clock, "waiting_time", lambda processes: next(waits))
    assert clock.Clock(1).read() == pytest.approx(4)


def test_where_waiting_is_not_counted_a_kernel_that_works_a_little_is_not_idle(monkeypatch):
    """By hand: a quarter of a processor for eight seconds is two seconds of work."""
    monkeypatch.setattr(clock, "tree", lambda pid: [])
    times, works = iter([0.0, 8.0]), iter([0.0, 2.0])
    monkeypatch.setattr(clock.time, "monotonic", lambda: next(times))
    monkeypatch.setattr(clock, "processor_time", lambda processes: next(works))
    monkeypatch.setattr(clock, "waiting_time", lambda processes: None)
    assert clock.Clock(1).read() == pytest.approx(2)


PARENT = """
import subprocess, sys, time
subprocess.run([sys.executable, "-c", "import os\\nwhile sum(os.times()[:2]) < 1: pass"])
time.sleep(60)
"""


def test_children_are_counted_while_they_work_and_after():
    process = started(PARENT)
    try:
        watch = clock.Clock(process.pid)
        end = time.monotonic() + 60
        while len(clock.tree(process.pid)) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        while len(clock.tree(process.pid)) > 1 and time.monotonic() < end:
            time.sleep(0.1)
            watch.read()
        assert watch.read() >= 0.9
    finally:
        process.kill()
        process.wait()


def test_a_process_that_is_gone_has_no_more_time():
    process = started("pass")
    watch = clock.Clock(process.pid)
    process.wait()
    assert watch.read() >= 0
    assert clock.tree(process.pid) == []
