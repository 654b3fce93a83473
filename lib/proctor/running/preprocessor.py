"""The step in nbgrader's pipeline that runs a submission."""

import os
import sys

from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from traitlets import Enum, Float, Integer, List, Unicode

from proctor.kernels.zygote import PRELOAD
from proctor.progress import show_progress
from proctor.running.in_process import ExecuteInOneProcess
from proctor.running.job import SANDBOX, Limits

MIB = 1 << 20


class ExecuteSubmission(ExecuteInOneProcess):
    """Runs a submission: the student's cells in a sandbox, the tests beside it, others ahead in the background.

    A dead kernel and a cell without end are results: the cells before keep their points, the cell says what
    happened, the next student is graded. Also reads what is set for nbgrader's `Execute`, such as `timeout`.
    """

    sandbox = Enum(
        SANDBOX,
        "required",
        help="Confine strangers' code: required (refuse to run it where this machine cannot), preferred (run it "
        "unconfined where it cannot) or off (run it with your own rights).",
    ).tag(config=True)
    workers = Integer(
        2 * (os.cpu_count() or 1) + 2,
        help="Submissions that run at the same time: more than cores, since those that hang use none.",
    ).tag(config=True)
    scheduler = Unicode("", help="Address of a dask scheduler that runs the submissions instead.").tag(config=True)
    grace = Float(2.0, help="Seconds that code has to stop after an interrupt.").tag(config=True)
    total = Float(
        600.0, help="Seconds that a whole notebook may take, those in which others have the processors apart."
    ).tag(config=True)
    memory = Integer(2048, help="MiB of memory that a submission's process may take.").tag(config=True)
    disk = Integer(512, help="MiB that a submission may write.").tag(config=True)
    processes = Integer(64, help="Processes and threads that a submission may have.").tag(config=True)
    preload = List(
        Unicode(),
        list(PRELOAD),
        help="Modules that the course's notebooks import: imported once for all submissions, where they are "
        "installed, and shown to them wherever they lie. module:function is called besides, once, so that what it "
        "compiles or loads is there at a submission's first call.",
    ).tag(config=True)

    _ahead = None  # of the converter that is running; one for a process
    _owner = None

    def check(self) -> None:
        """Refuse to grade where strangers' code cannot be confined, before anything is changed.

        Raises:
            NbGraderException: with one sentence, which nbgrader ends with.
        """
        if not sys.platform.startswith("linux"):
            if self.sandbox == "required":
                self.refuse(
                    "strangers' code cannot be confined here: the sandbox needs Linux. To run it all the same, with "
                    "your own rights, say so: --ExecuteSubmission.sandbox=off"
                )
            return
        from proctor.running.confinement import NoSandbox, confines

        try:
            if not self.scheduler:  # on a cluster, each machine decides for itself
                confines(self.sandbox)
        except NoSandbox as error:
            self.refuse(str(error))
        self.ahead(self.parent.parent)  # imports for seconds, while nbgrader reads the class

    def refuse(self, sentence: str) -> None:
        """End nbgrader with a sentence."""
        self.log.error(sentence)
        raise NbGraderException(sentence)

    def limits(self) -> Limits:
        """What a submission may take."""
        return Limits(
            timeout=self.timeout or self.total,
            grace=self.grace,
            total=self.total,
            memory=self.memory * MIB,
            disk=self.disk * MIB,
            processes=self.processes,
        )

    def preprocess(self, nb, resources, **kwargs):
        """Run every cell, and note under `proctor` in the notebook's metadata that they ran.

        Args:
            nb: a sanitised submission; outputs are written into it.
            resources: nbconvert's.
            kwargs: as in nbclient.
        """
        if not sys.platform.startswith("linux"):
            return super().preprocess(nb, resources, **kwargs)
        names = resources["nbgrader"]
        key = names["student"], names["assignment"], names["notebook"]
        ahead = self.ahead(self.parent.parent)
        show_progress(self.log, f"grading {key[1]}", ahead.total)
        ahead.run(key, nb)
        return nb, resources

    def ahead(self, converter):
        """The runs of one of nbgrader's converters."""
        kind = ExecuteSubmission
        if kind._owner is not converter:
            from proctor.running.ahead import Ahead

            kind._owner = converter
            kind._ahead = Ahead(self.runner, converter, self.limits(), self.sandbox, tuple(self.preload))
        return kind._ahead

    def runner(self):
        """Where submissions run."""
        if self.scheduler:
            from proctor.running.cluster import ClusterRunner

            try:
                return ClusterRunner(self.scheduler)
            except ValueError as error:
                self.refuse(str(error))
        from proctor.running.local import LocalRunner

        return LocalRunner.shared(self.workers, tuple(self.preload))


def check_first() -> None:
    """Have nbgrader check, before it converts the first submission, that strangers' code can be confined.

    By then it knows its whole configuration and what it is going to convert, and has not changed a file.
    """
    Autograde.convert_notebooks = convert_checked


def convert_checked(self) -> None:
    """As nbgrader's `convert_notebooks`, after the check."""
    ExecuteSubmission(parent=self.exporter).check()
    BaseConverter.convert_notebooks(self)
