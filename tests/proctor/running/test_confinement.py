"""Where strangers' code cannot be confined, grading is refused, unless somebody says so."""

import logging

import pytest
from nbgrader.converters.base import NbGraderException

from proctor.running import confinement
from proctor.running.job import Job
from proctor.running.preprocessor import ExecuteSubmission
from proctor.sandbox import Layer, Report


@pytest.fixture
def forbidden(monkeypatch):
    """A host that forbids namespaces."""
    missing = Layer("namespaces", available=False, required=True, detail="unshare: Operation not permitted")
    report = Report((missing,), "this host forbids user namespaces")
    monkeypatch.setattr(confinement, "report", lambda: report)


def test_refused_in_one_sentence(forbidden):
    with pytest.raises(confinement.NoSandbox) as refused:
        confinement.confines("required")
    text = str(refused.value)
    assert text.startswith("strangers' code cannot be confined here: this host forbids user namespaces. ")
    assert "--ExecuteSubmission.sandbox=off" in text
    assert "proctor doctor" in text
    assert "\n" not in text


def test_allowed_knowingly(forbidden):
    assert not confinement.confines("preferred")
    assert not confinement.confines("off")
    with confinement.request_for(Job("{}", sandbox="preferred")) as request:
        asked = request("student")
    assert asked["policy"] is None
    assert "HOME" not in asked["environment"]


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_nbgrader_ends_before_it_changes_anything(forbidden, monkeypatch, caplog, system):
    monkeypatch.setattr("sys.platform", system)
    step = ExecuteSubmission(log=logging.getLogger("test"))
    with pytest.raises(NbGraderException, match="cannot be confined here"):
        step.check()
    assert "--ExecuteSubmission.sandbox=off" in caplog.text


def test_what_a_process_may_see(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    job = Job("{}", files=(("data/a.csv", str(tmp_path / "a.csv")),), hidden=("/secret",))
    policy = confinement.policy(job, 3, None)
    assert policy.files == ((str(tmp_path / "a.csv"), "data/a.csv"),)
    assert policy.hidden == ("/secret",)
    assert policy.uid == policy.gid != confinement.policy(job, 4, None).uid
    assert not [path for path in policy.read_only if path in ("/", "/home", "/root", "/tmp", "/work")]


def test_the_courses_packages_are_seen_wherever_they_lie(tmp_path, monkeypatch):
    for name in ("mine", "others"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    job = Job("{}", preload=("mine.ops:warm_up", "mine", "not_installed"))
    seen = confinement.policy(job, 3, None).read_only
    assert str(tmp_path / "mine") in seen
    assert not {str(tmp_path), str(tmp_path / "others")} & set(seen)
    assert str(tmp_path / "mine") not in confinement.policy(Job("{}"), 3, None).read_only
