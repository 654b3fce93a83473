"""The probe says what holds, and in one sentence why a host cannot confine anybody."""

import io
import json
import sys

import pytest
from rich.console import Console

from proctor.sandbox import probe as try_it
from proctor.sandbox.doctor import show
from proctor.sandbox.probe import EXTRA, REQUIRED, nothing, read


def text_of(report):
    console = Console(width=120, record=True, file=io.StringIO())
    return show(report, console), console.export_text()


def test_this_host(report):
    assert [layer.name for layer in report.layers] == [*REQUIRED, *EXTRA]
    status, text = text_of(report)
    assert status == (0 if report.confines else 1)
    assert ("Students' code is confined on this host." in text) == report.confines


def test_a_missing_extra_does_not_count():
    layers = dict.fromkeys(REQUIRED, (True, "held"))
    report = read({"failure": "", "layers": {**layers, "seccomp": (False, "the package pyseccomp is not installed")}})
    assert report.confines
    assert report.sentence == ""
    status, text = text_of(report)
    assert status == 0
    assert "pip install pyseccomp" in text


def test_a_missing_layer_counts():
    layers = dict.fromkeys((*REQUIRED, *EXTRA), (True, "held")) | {"limits": (False, "broken by: core dumps")}
    report = read({"failure": "", "layers": layers})
    assert not report.confines
    assert report.sentence == "limits: broken by: core dumps"


def test_other_systems(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    report = try_it()
    assert not report.confines
    assert "needs Linux" in report.sentence
    status, text = text_of(report)
    assert status == 1
    assert "cannot be confined" in text


def test_nothing_was_tried():
    report = nothing("the trial did not run: no Python")
    assert {layer.detail for layer in report.layers} == {"not tried"}
    assert report.sentence == "the trial did not run: no Python"


def test_import_elsewhere(program):
    """Windows has neither fcntl nor resource, and no C library to load."""
    code = """
import ctypes, sys
sys.modules.update(fcntl=None, resource=None)
ctypes.CDLL = None
import proctor.sandbox, proctor.sandbox.doctor
sys.platform = "win32"
try:
    proctor.sandbox.enter(proctor.sandbox.Policy("/r"))
except proctor.sandbox.SandboxError as error:
    print(error)
"""
    assert program("-c", code).stdout.startswith("namespaces: the sandbox needs Linux")


def try_inside():
    import subprocess
    import sys

    command = [sys.executable, "-m", "proctor.sandbox.trial"]
    return subprocess.run(command, capture_output=True, text=True).stdout


@pytest.mark.parametrize("without", [(), ("seccomp",)])
def test_a_host_without_namespaces(sandbox, without):
    """A sandbox is such a host itself."""
    report = read(json.loads(sandbox(try_inside, without=without)))
    assert not report.confines
    assert report.sentence.startswith("namespaces: unshare: ")
    assert "this host forbids namespaces" in report.sentence


def test_as_each_user(program):
    done = program("-m", "proctor.sandbox.trial")
    report = read(json.loads(done.stdout))
    assert report.confines, report.sentence
