"""The step in nbgrader's pipeline: what is set for it reaches those who run, and it is checked before anything runs."""

import pytest
from nbgrader.converters import Autograde, GenerateFeedback
from traitlets.config import Config

from proctor.exporter import SubmissionExporter
from proctor.running.cluster import run_here
from proctor.running.job import Job
from proctor.running.local import LocalRunner
from proctor.running.preprocessor import ExecuteSubmission, check_first

PRELOAD = ["library.ops", "library:warm_up"]


class Recorder:
    """A runner that runs nothing."""

    def __init__(self, workers, preload):
        self.preload = preload

    def submit(self, job):
        """Return a result that says what would have run."""
        self.job = job
        return self

    def result(self):
        """Return the answer of a run."""
        return self.preload, self.job.preload


@pytest.fixture
def recorded(monkeypatch):
    """This process's runners run nothing."""
    runners = {}
    shared = classmethod(lambda cls, workers, preload: runners.setdefault(preload, Recorder(workers, preload)))
    monkeypatch.setattr(LocalRunner, "shared", shared)


def test_what_a_course_preloads_is_set_in_its_configuration(recorded):
    config = Config({"ExecuteSubmission": {"preload": PRELOAD}})
    assert ExecuteSubmission(config=config).runner().preload == tuple(PRELOAD)
    assert "torch" in ExecuteSubmission().runner().preload


def test_what_a_course_preloads_travels_to_another_machine(recorded):
    assert run_here(Job("{}", preload=tuple(PRELOAD)).packed().to_json()) == (tuple(PRELOAD), tuple(PRELOAD))


def test_autograde_checks_before_it_converts(monkeypatch):
    happened = []
    converter, feedback = Autograde(exporter=SubmissionExporter()), GenerateFeedback()
    monkeypatch.setattr(Autograde, "convert_notebooks", Autograde.convert_notebooks)
    monkeypatch.setattr("nbgrader.converters.base.BaseConverter.convert_notebooks", lambda self: happened.append(self))
    monkeypatch.setattr(ExecuteSubmission, "check", lambda self: happened.append("checked"))
    check_first()
    check_first()
    converter.convert_notebooks()
    feedback.convert_notebooks()
    assert happened == ["checked", converter, feedback]
