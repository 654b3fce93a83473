"""What students get: `assignments/<id>/<id>.ipynb` is made from the master, holds no answer, and works."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from proctor.inspection import flags
from proctor.master import read_master
from proctor.release import release
from tests.assignments.cells import by_grade_id, exercises, signatures

REGION = re.compile(r"(?ms)^[^\n]*BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)\n(.*?)^[^\n]*END \1$")
SHORT = 12  # a line of this length or less may stand anywhere: `return out`


@pytest.fixture
def released(checkout, assignment):
    """The committed notebook."""
    return nbformat.read(checkout.released(assignment), as_version=nbformat.NO_CONVERT)


@pytest.fixture
def master(checkout, assignment):
    """The master, answers and hidden tests included."""
    return read_master(checkout.master(assignment))


def secrets(master):
    """The lines of a master that only the grader may see."""
    sources = [cell.source for cell in master.cells]
    hidden = {line.strip() for source in sources for match in REGION.finditer(source) for line in match[2].splitlines()}
    visible = "\n".join(REGION.sub("", source) for source in sources)
    return {line for line in hidden if len(line) > SHORT and line not in visible}


def solved(master, released):
    """The released notebook as a student fills it in, with the master's answers."""
    answers = {name: cell.source for name, cell in by_grade_id(master).items() if flags(cell)["solution"]}
    notebook = nbformat.from_dict(released)
    for name, cell in by_grade_id(notebook).items():
        cell.source = answers.get(name, cell.source)
    return notebook


def errors(cell):
    return [output.ename for output in cell.get("outputs", []) if output.output_type == "error"]


def test_committed_notebook_is_what_the_master_gives(assignment, course, released):
    fresh = nbformat.read(course.released(assignment), as_version=nbformat.NO_CONVERT)
    for there, made in zip(released.cells, fresh.cells, strict=False):
        assert there == made, f"{made.get('id')}: `make assignments` and commit"
    assert released == fresh, "`make assignments` and commit"


def test_a_second_release_changes_nothing(assignment, course):
    assert release(course, assignment) is False


def test_nothing_but_the_notebooks(checkout):
    found = {path for path in checkout.root.glob("assignments/**/*") if path.is_file()}
    tracked = {path for path in found if ".ipynb_checkpoints" not in path.parts}
    assert tracked == {checkout.released(name) for name in checkout.assignments()}


def test_no_secret_line_is_released(checkout, master):
    lines = secrets(master)
    assert len(lines) > 20, "this test found nothing to look for"
    for path in checkout.root.glob("assignments/**/*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [line for line in lines if json.dumps(line)[1:-1] in text or line in text], path


def test_rubric_and_model_answers_are_not_released(master, released):
    for name, cell in by_grade_id(master).items():
        if cell.cell_type == "markdown" and flags(cell)["solution"]:
            assert "grader" in cell.source, f"{name}: a written answer needs a rubric"
            assert "Model answer" in cell.source, f"{name}: a written answer needs model answers"
            assert by_grade_id(released)[name].source.strip() == "YOUR ANSWER HERE"


def test_format(released):
    nbformat.validate(released)
    assert (released.nbformat, released.nbformat_minor) >= (4, 5)
    ids = [cell.id for cell in released.cells]
    assert len(set(ids)) == len(ids)
    assert released.metadata.kernelspec.name == "python3"
    for cell in released.cells:
        assert not re.search("HIDDEN|(BEGIN|END) (SOLUTION|MARK SCHEME)", cell.source), cell.id
        if cell.cell_type == "code":
            assert cell.outputs == [], cell.id
            assert cell.execution_count is None, cell.id


def test_cells_keep_their_role(master, released):
    assert list(by_grade_id(released)) == list(by_grade_id(master))
    for name, cell in by_grade_id(released).items():
        meant = flags(by_grade_id(master)[name])
        assert {key: flags(cell)[key] for key in meant} == meant, name
        if cell.cell_type == "code" and flags(cell)["grade"]:
            assert flags(cell)["locked"], f"{name}: students could edit this test"


def test_stubs_keep_signature_and_docstring(master, released):
    assert exercises(released).keys() == exercises(master).keys() != set()
    for name, stub in exercises(released).items():
        found = signatures(stub)
        assert found == signatures(exercises(master)[name]), name
        assert all(docstring for _, docstring in found.values()), f"{name}: no docstring"
        assert stub.count("raise NotImplementedError()") == len(found), name


def test_points_on_the_first_page_are_those_of_the_cells(released):
    points = [flags(cell)["points"] for cell in released.cells if flags(cell).get("grade")]
    table = re.findall(r"(?m)^\| \d+ \|.*\| (\d+) \|$", released.cells[0].source)
    assert sum(map(int, table)) == sum(points)


def test_exports_to_a_page(released):
    page, _ = HTMLExporter().from_notebook_node(released)
    assert "YOUR CODE HERE" in page


@pytest.fixture(scope="module")
def jupyterlab(checkout, tmp_path_factory):
    """JupyterLab as a student starts it, in a folder with every assignment: its address and its process."""
    folder = tmp_path_factory.mktemp("student")
    for name in checkout.assignments():
        shutil.copy(checkout.released(name), folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    options = ["--no-browser", "--allow-root", f"--port={port}", f"--notebook-dir={folder}"]
    command = [sys.executable, "-m", "jupyterlab", "--IdentityProvider.token=", *options]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=os.environ | folders, stdout=log, stderr=log)
    yield f"http://127.0.0.1:{port}", server
    server.terminate()
    server.wait(timeout=600)


@pytest.mark.slow
def test_opens_in_jupyterlab_and_in_the_classic_notebook(assignment, released, jupyterlab):
    address, server = jupyterlab
    file = f"{assignment}.ipynb"
    content = json.loads(fetch(f"{address}/api/contents/{file}", server))["content"]
    assert len(content["cells"]) == len(released.cells)
    for page in ("lab/tree", "notebooks"):
        assert "<html" in fetch(f"{address}/{page}/{file}", server)


def fetch(address, server, patience=1200):
    """Read an address of a server that may still be starting: seconds on a quiet machine."""
    give_up = time.monotonic() + patience
    while True:
        try:
            with urlopen(address) as answer:
                return answer.read().decode()
        except URLError as error:
            if hasattr(error, "code") or server.poll() is not None or time.monotonic() > give_up:
                raise
            time.sleep(0.2)


@pytest.mark.slow
def test_a_student_who_answers_right_sees_no_error(master, released, tmp_path):
    notebook = solved(master, released)
    NotebookClient(notebook, timeout=3600, startup_timeout=1200, resources={"metadata": {"path": tmp_path}}).execute()
    checks = [cell for name, cell in by_grade_id(notebook).items() if name.startswith("check_")]
    assert checks
    for cell in checks:
        # A busy kernel may send one printed line in two messages.
        assert {output.get("name") for output in cell.outputs} == {"stdout"}, "a check prints one line when all is well"


@pytest.mark.slow
def test_an_untouched_notebook_fails_in_every_check(released, tmp_path):
    NotebookClient(
        released, timeout=3600, startup_timeout=1200, allow_errors=True, resources={"metadata": {"path": tmp_path}}
    ).execute()
    for name, cell in by_grade_id(released).items():
        assert errors(cell) == (["NotImplementedError"] if name.startswith("check_") else []), name
