"""Control groups are found from what the kernel says of this process; without rights there is none, and no error."""

import os
from pathlib import Path

import pytest

from proctor.sandbox import cgroups


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A kernel that says what a test wants it to say, with folders in place of its hierarchies."""

    def pretend(own, *lines):
        found = []
        for kind, root, point, options in lines:
            (tmp_path / point).mkdir(parents=True, exist_ok=True)
            found.append((kind, root, tmp_path / point, options))
        monkeypatch.setattr(cgroups, "mounts", lambda: found)
        monkeypatch.setattr(cgroups, "own_group", own.get)
        return tmp_path

    return pretend


def test_version_1(kernel):
    folder = kernel(
        {"memory": "/docker/ab/x", "pids": "/docker/ab"},
        ("cgroup", "/docker/ab", "memory", ["rw", "memory"]),
        ("cgroup", "/docker/ab", "pids", ["rw", "pids"]),
    )
    (folder / "memory/x").mkdir()
    group = cgroups.create("one", 1000, 20)
    assert set(group.directories) == {f"{folder}/memory/x/one", f"{folder}/pids/one"}
    assert (folder / "memory/x/one/memory.limit_in_bytes").read_text() == "1000"
    assert (folder / "pids/one/pids.max").read_text() == "20"


@pytest.mark.parametrize(("handed_on", "home"), [("memory pids", "user/app"), ("cpu", "user")])
def test_version_2(kernel, handed_on, home):
    folder = kernel({"": "/user/app/me"}, ("cgroup2", "/", "unified", ["rw"]))
    for group, controllers in (("", ""), ("user", "memory pids"), ("user/app", handed_on), ("user/app/me", "")):
        (folder / "unified" / group).mkdir(exist_ok=True)
        (folder / "unified" / group / "cgroup.subtree_control").write_text(controllers)
        (folder / "unified" / group / "cgroup.procs").touch()
    assert cgroups.home_of_version_2() == folder / "unified" / home


def test_none(kernel):
    kernel({})
    assert cgroups.create("one", 1000, 20) is None


def test_name_taken(kernel):
    folder = kernel({"memory": "/"}, ("cgroup", "/", "memory", ["rw", "memory"]))
    (folder / "memory/one").mkdir()
    assert cgroups.create("one", 1000, 20) is None
    assert (folder / "memory/one").is_dir()


def test_killed_by_memory(tmp_path):
    group = cgroups.Group((str(tmp_path),))
    assert not group.killed_by_memory()
    (tmp_path / "memory.events").write_text("low 0\noom 1\noom_kill 0\n")
    assert not group.killed_by_memory()
    (tmp_path / "memory.events").write_text("low 0\noom 1\noom_kill 2\n")
    assert group.killed_by_memory()


def test_a_real_one():
    group = cgroups.create(f"test-real-{os.getpid()}", 2**28, 50)
    if group is None:
        pytest.skip("no memory cgroup here")
    try:
        assert group.processes() == []
        child = os.fork()
        if child == 0:
            for directory in group.directories:
                Path(directory, "cgroup.procs").write_text("0")
            while True:
                os.read(os.pipe()[0], 1)
        while group.processes() != [child]:
            pass
        assert not group.killed_by_memory()
    finally:
        group.remove()
    os.waitpid(child, 0)
    assert not any(map(os.path.exists, group.directories))
