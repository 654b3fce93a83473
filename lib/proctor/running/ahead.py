"""Running submissions ahead of the one that nbgrader is writing.

nbgrader takes one submission after the other: reads, runs, writes, saves grades. Here the runs happen in the
background, several at a time and before they are asked for; what is asked for is then there, or nearly.
"""

import concurrent.futures
import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import find_all_files

from proctor import blueprint
from proctor.beside import ordinary_files
from proctor.cells import new_cell
from proctor.course import Course, CourseError
from proctor.repair import repair
from proctor.running.job import Job, Limits, files_beside
from proctor.submission import read_or_replace

Key = tuple[str, str, str]  # student, assignment, notebook
WINDOW = 4  # results for each worker that wait to be collected, at most


class Ahead:
    """The runs of one `nbgrader autograde`.

    Args:
        make_runner: makes a `LocalRunner` or a `ClusterRunner`; called at once if there is anything to run.
        converter: nbgrader's, whose `assignments` are what it will take, in sorted order.
        limits: for each submission.
        sandbox: as in `Job`.
        preload: as in `Job`.
    """

    def __init__(
        self, make_runner: Callable, converter, limits: Limits, sandbox: str, preload: tuple[str, ...]
    ) -> None:
        self.converter, self.limits, self.sandbox, self.preload = converter, limits, sandbox, preload
        self.make_runner = make_runner
        self.started: dict[Key, tuple[str, concurrent.futures.Future[str]]] = {}
        self.hidden = self._hidden()
        self.waiting = list(self._waiting())
        self.total = len(self.waiting)
        self.runner = make_runner() if self.waiting else None

    def run(self, key: Key, nb: NotebookNode) -> NotebookNode:
        """Run a sanitised submission, or collect what has been run ahead.

        Args:
            key: whose it is.
            nb: outputs are written into it.
        """
        self.runner = self.runner or self.make_runner()
        if key in self.waiting:
            self.waiting.remove(key)
        job = self.job(key, nb)
        known = self.started.pop(key, None)
        future = known[1] if known and known[0] == job.key else self.runner.submit(job)
        self._look_ahead()
        merge(nb, nbformat.from_dict(json.loads(future.result())))
        return nb

    def _look_ahead(self) -> None:
        """Start the next submissions, as many as are wanted ahead."""
        while self.waiting and len(self.started) < WINDOW * self.runner.workers:
            key = self.waiting.pop(0)
            with contextlib.suppress(Exception):
                # what is wrong with another submission is said when nbgrader comes to it, not in the middle of this one
                job = self._prepared(key)
                self.started[key] = job.key, self.runner.submit(job)

    def _prepared(self, key: Key) -> Job:
        """The job of a submission that nbgrader has not come to yet."""
        student, assignment, notebook = key
        folder = self.converter.coursedir.format_path(self._submitted, student, assignment)
        nb, _ = read_or_replace(Path(folder, f"{notebook}.ipynb"))
        repair(nb, self._stored(key))
        return self.job(key, nb)

    def _stored(self, key: Key) -> blueprint.Blueprint:
        return blueprint.load(self.converter.coursedir.db_url, key[1], key[2])

    @property
    def _submitted(self) -> str:
        return self.converter.coursedir.submitted_directory

    def job(self, key: Key, nb: NotebookNode) -> Job:
        """What running a sanitised submission needs."""
        return Job(
            notebook=essence(nb),
            answers=self._stored(key).answers,
            files=self._files(key),
            limits=self.limits,
            sandbox=self.sandbox,
            hidden=self.hidden,
            preload=self.preload,
        )

    def _files(self, key: Key) -> tuple[tuple[str, str], ...]:
        """The student's files and, over them, the assignment's own, as nbgrader copies them."""
        student, assignment, _ = key
        coursedir = self.converter.coursedir
        ignored = [*coursedir.ignore, "*.ipynb"]
        folder = coursedir.format_path(self._submitted, student, assignment)
        source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment)).resolve()
        kept = {str(source / name) for name in self.converter.exclude_overwriting.get(assignment, [])}
        theirs = [Path(one) for one in ordinary_files(folder, ignored)]
        ours = [Path(one) for one in find_all_files(str(source), ignored) if one not in kept]
        return files_beside((Path(folder), theirs), (source, ours))

    def _hidden(self) -> tuple[str, ...]:
        """The class and the course: no student's code sees them, should they lie where Python runs from."""
        coursedir = self.converter.coursedir
        steps = [coursedir.submitted_directory, coursedir.autograded_directory, coursedir.feedback_directory]
        places = [coursedir.root, coursedir.source_directory, *steps]
        whole = [Path(coursedir.root, place.split("{")[0]).resolve() for place in places]
        with contextlib.suppress(CourseError):
            whole.append(Course.find(whole[1]).root)
        return tuple(str(path) for path in whole if path.exists() and path != Path("/"))

    def _waiting(self) -> Iterator[Key]:
        """The submissions that nbgrader will take, in its order."""
        converter = self.converter
        pattern = converter.coursedir.format_path(self._submitted, "(?P<student>.*)", "(?P<assignment>.*)", escape=True)
        excluded = set(converter.coursedir.student_id_exclude.split(","))
        for folder in sorted(converter.assignments):
            match = re.match(pattern, folder)
            if match and match["student"] not in excluded and self._wanted(match["student"], match["assignment"]):
                for path in sorted(converter.assignments[folder]):
                    yield match["student"], match["assignment"], Path(path).stem

    def _wanted(self, student: str, assignment: str) -> bool:
        """Whether nbgrader will take a submission: it is new, newer than its grading, or everybody is."""
        coursedir = self.converter.coursedir
        done = coursedir.format_path(coursedir.autograded_directory, student, assignment)
        if self.converter.force or not os.path.exists(done):
            return True
        handed_in = coursedir.get_existing_timestamp(coursedir.format_path(self._submitted, student, assignment))
        graded = coursedir.get_existing_timestamp(done)
        return bool(handed_in and graded and handed_in > graded)


def essence(nb: NotebookNode) -> str:
    """What of a notebook matters for its run, as JSON text that is the same for the same cells."""
    cells = []
    for number, cell in enumerate(nb.cells):
        metadata = {"nbgrader": cell.metadata.nbgrader} if "nbgrader" in cell.metadata else {}
        cells.append({**new_cell(cell.cell_type, cell.source, metadata), "id": f"cell-{number}"})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, sort_keys=True)


def merge(nb: NotebookNode, ran: NotebookNode) -> None:
    """Write the outputs of a run into the notebook that it was made from."""
    for cell, result in zip(nb.cells, ran.cells, strict=True):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = result.outputs, result.execution_count
            if "proctor" in result.metadata:
                cell.metadata["proctor"] = result.metadata.proctor
    nb.metadata.setdefault("proctor", NotebookNode()).update(ran.metadata.proctor)
