"""What `make` does with a book that is not whole, with stand-ins for the programs that it calls."""

import os
import shutil
import subprocess

import pytest

BUILD = """#!/bin/sh
# jupyter-book build book ... --path-output PLACE
while [ "$1" != --path-output ]; do shift; done
mkdir -p "$2_build/html" && touch "$2_build/html/index.html"
echo "data=${SEEING_DATA-unset} publish=${BOOK_TO_PUBLISH-no}"
if [ "$OUTCOME" = page ]; then echo "page x failed: cell 3" > "$2_build/failed.txt"; exit 1; fi
if [ "$OUTCOME" = warning ]; then exit 1; fi
"""
PYTHON = '#!/bin/sh\necho "python $*"\n'


@pytest.fixture
def make(root, tmp_path):
    """A copy of the Makefile in a folder of its own; call it with targets and the book's outcome."""
    place = tmp_path / "repository"
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / "lib").mkdir()
    for name in ("Makefile", "requirements.txt", "lib/pyproject.toml"):
        shutil.copy(root / name, place / name)
    (place / ".venv" / ".installed").touch()
    for name, text in (("jupyter-book", BUILD), ("python", PYTHON)):
        (place / ".venv" / "bin" / name).write_text(text)
        (place / ".venv" / "bin" / name).chmod(0o755)

    def call(*arguments: str, outcome: str = "whole", **environment: str) -> subprocess.CompletedProcess:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "SEEING_DATA"
        }
        return subprocess.run(
            ["make", *arguments],
            cwd=place,
            env={**inherited, "OUTCOME": outcome, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    call.place = place
    return call


def last(run) -> str:
    return run.stdout.strip().splitlines()[-1]


def test_a_failed_page_does_not_keep_the_course_from_the_class(make):
    run = make("course", outcome="page")
    assert run.returncode != 0
    assert "python -m proctor release" in run.stdout
    assert "python -m proctor grade upsampling" in run.stdout
    assert "page x failed: cell 3" in last(run)


def test_a_whole_course_ends_well(make):
    run = make("course")
    assert run.returncode == 0
    assert "python -m proctor grade upsampling" in run.stdout


@pytest.mark.parametrize(("outcome", "text"), [("page", "page x failed: cell 3"), ("warning", "see above")])
def test_the_book_alone_fails_with_that_line_each_time(make, outcome, text):
    for _ in range(2):
        run = make("book", outcome=outcome)
        assert run.returncode != 0
        assert text in last(run)
    run = make("book")
    assert run.returncode == 0
    assert "index.html" in last(run)


def test_keep_going_goes_on(make):
    run = make("-k", "book", "assignments", outcome="page")
    assert run.returncode != 0
    assert "page x failed: cell 3" in run.stdout
    assert "python -m proctor release" in run.stdout


def test_publishing_is_refused_while_a_page_fails(make):
    assert make("publish").returncode == 0
    assert (make.place / "_build" / "publish" / "index.html").is_file()
    run = make("publish", outcome="page")
    assert run.returncode != 0
    assert "page x failed: cell 3" in last(run)
    assert not (make.place / "_build" / "publish").exists()


@pytest.mark.parametrize("how", ["environment", "argument", "unset"])
def test_publishing_has_no_data_at_hand(make, how):
    given = {"SEEING_DATA": "/data"} if how == "environment" else {}
    arguments = ["SEEING_DATA=/data"] if how == "argument" else []
    run = make("publish", *arguments, **given)
    assert f"data={make.place}/_build/no_data publish=1" in run.stdout


@pytest.mark.parametrize("how", ["environment", "argument"])
@pytest.mark.parametrize(("value", "expected"), [("", "{place}/_build/no_data"), ("/some where", "/some where")])
def test_what_the_user_says_about_data_wins(make, how, value, expected):
    (make.place.parent / "shared" / "data").mkdir(parents=True)
    given = {"SEEING_DATA": value} if how == "environment" else {}
    arguments = [f"SEEING_DATA={value}"] if how == "argument" else []
    run = make("book", *arguments, **given)
    assert f"data={expected.format(place=make.place)} publish=no" in run.stdout


def test_without_a_word_the_folder_beside_is_taken_and_else_the_librarys_own(make):
    assert "data=unset" in make("book").stdout
    (make.place.parent / "shared" / "data").mkdir(parents=True)
    assert f"data={make.place.parent}/shared/data" in make("book").stdout
