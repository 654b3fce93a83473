"""What a sandbox takes ends in an error inside, never in a host without processes, memory or disk."""

import os
import subprocess
from pathlib import Path

import pytest


def bomb():
    import os
    import signal
    import threading

    children = []
    try:
        while True:
            if (child := os.fork()) == 0:
                signal.pause()
            children.append(child)
    except OSError as error:
        said = type(error).__name__
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    stop, threads = threading.Event(), 0
    try:
        while threads < 1000:
            threading.Thread(target=stop.wait).start()
            threads += 1
    except RuntimeError:
        stop.set()
    return said, len(children), threads


@pytest.mark.parametrize("without", [(), ("landlock", "seccomp")])
def test_processes(sandbox, without):
    said, children, threads = sandbox(bomb, processes=40, without=without)
    assert said == "BlockingIOError"
    assert 35 <= children < 40
    assert 35 <= threads < 40
    assert subprocess.run(["true"]).returncode == 0


def test_counted_apart(sandbox):
    """Another sandbox of the same user at its limit takes nothing away from this one."""
    busy = """
import atexit, os, signal, tempfile
from proctor.sandbox import Policy, confine, enter
from proctor.sandbox.policy import python_paths
ready, ok = os.pipe()
folder = tempfile.mkdtemp(); os.chmod(folder, 0o755)
policy = Policy(folder, read_only=python_paths(), processes=40)
if (holder := os.fork()) == 0:
    enter(policy)
    if (first := os.fork()) == 0:
        confine(policy)
        try:
            while os.fork():
                pass
        except OSError:
            os.write(ok, b"x")
        while True:
            signal.pause()
    os.waitpid(first, 0)
    os._exit(0)
atexit.register(os.kill, holder, signal.SIGKILL)
atexit.register(os.rmdir, folder)
assert os.read(ready, 1)
"""
    _, children, _ = sandbox(bomb, processes=40, before=busy)
    assert children >= 35


def hoard():
    import os
    import resource
    from pathlib import Path

    found = {}
    held = []
    try:
        for _ in range(100):
            held.append(bytearray(b"x") * 2**24)
    except MemoryError:
        found["memory"] = "MemoryError"
    found["MiB"] = len(held) * 16
    del held
    files = []
    try:
        for _ in range(500):
            files.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        found["files"] = error.strerror
    for file in files:
        os.close(file)
    with open("/submission/large", "wb") as file:
        try:
            file.truncate(2**40)
        except OSError as error:
            found["size"] = error.strerror
    found["core"] = resource.getrlimit(resource.RLIMIT_CORE)
    found["raised"] = []
    for name in ("RLIMIT_DATA", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_CORE", "RLIMIT_FSIZE"):
        try:
            resource.setrlimit(getattr(resource, name), (2**30, 2**40))
            found["raised"].append(name)
        except (ValueError, OSError):
            pass
    if (child := os.fork()) == 0:
        os.abort()
    found["dumped"] = os.WCOREDUMP(os.waitpid(child, 0)[1])
    found["oom_score_adj"] = int(Path("/proc/self/oom_score_adj").read_text())
    return found


def test_each_process(sandbox):
    """Without a memory cgroup a hog gets a MemoryError."""
    found = sandbox(hoard, memory=256 * 2**20, open_files=64)
    assert found["memory"] == "MemoryError"
    assert 128 <= found["MiB"] <= 256
    assert found["files"] == "Too many open files"
    assert found["size"] == "File too large"
    assert (found["core"], found["dumped"]) == ([0, 0], False)
    assert found["raised"] == []
    assert found["oom_score_adj"] == 1000


def hog():
    import os

    if (child := os.fork()) == 0:
        held = [bytearray(b"x") * 2**24 for _ in range(32)]
        os._exit(len(held))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_memory_cgroup(sandbox, user, report):
    if user != "root" or not next(layer for layer in report.layers if layer.name == "memory cgroup").available:
        pytest.skip("no memory cgroup for this user here")
    answer = sandbox(hog, cgroup=128 * 2**20, whole=True)
    assert answer["value"] == -9
    assert answer["killed_by_memory"]
    assert answer["removed"]
    answer = sandbox(hog, cgroup=2**30, whole=True)
    assert (answer["value"], answer["killed_by_memory"], answer["removed"]) == (32, False, True)


def test_the_host_is_as_before(sandbox):
    assert sandbox(lonely) == 1
    assert Path("/proc/self/oom_score_adj").read_text().strip() != "1000"
    assert os.path.ismount("/proc")


def lonely():
    import os

    return os.getpid()
