"""A run as data: the same on another machine, and known again by what is run."""

import os
from pathlib import Path

from proctor.running.job import Job, Limits, files_beside


def test_json_and_back():
    job = Job("{}", ("f",), (("a.csv", "/x/a.csv"),), Limits(timeout=3), "off", ("/secret",), ("json", "math:floor"))
    assert Job.from_json(job.to_json()) == job


def test_the_key_is_that_of_notebook_and_answers():
    job = Job("{}", ("f",))
    assert job.key == Job("{}", ("f",), limits=Limits(timeout=1), sandbox="off").key
    assert len({job.key, Job("[]", ("f",)).key, Job("{}", ("g",)).key}) == 3


def test_seeds_come_again_and_differ_by_role():
    job = Job("{}")
    assert job.seed("student") == Job("{}").seed("student") != job.seed("tester")
    assert 0 <= job.seed("student") < 1 << 56


def test_files_travel_by_content(tmp_path):
    (tmp_path / "a").write_bytes(b"\0\xff")
    (tmp_path / "b").write_bytes(b"")
    job = Job("{}", files=(("x/a.bin", str(tmp_path / "a")), ("b.csv", str(tmp_path / "b"))))
    there = tmp_path / "there"
    there.mkdir()
    packed = Job.from_json(job.packed().to_json())
    assert str(tmp_path) not in packed.to_json()
    arrived = packed.unpacked(there)
    assert [name for name, _ in arrived.files] == ["x/a.bin", "b.csv"]
    assert [Path(path).read_bytes() for _, path in arrived.files] == [b"\0\xff", b""]
    assert job.unpacked(there) is job


def test_files_beside_a_notebook(tmp_path):
    for name in ("theirs/data.csv", "theirs/own.py", "ours/data.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "theirs" / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "theirs" / "pipe")
    folders = [(tmp_path / name, list((tmp_path / name).iterdir())) for name in ("theirs", "ours")]
    assert files_beside(*folders) == (
        ("data.csv", str(tmp_path / "ours" / "data.csv")),
        ("own.py", str(tmp_path / "theirs" / "own.py")),
    )
    assert files_beside() == ()


def test_more_than_the_limit_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr("proctor.running.job.FILES", 10)
    for name, size in (("a", 6), ("b", 6)):
        (tmp_path / name).write_bytes(b"x" * size)
    assert [name for name, _ in files_beside((tmp_path, list(tmp_path.iterdir())))] == ["a"]
