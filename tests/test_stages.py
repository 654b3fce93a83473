"""`make test` runs all its stages, says how each went, and fails if one did."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHELLS = [shell for shell in ("sh", "dash", "bash") if shutil.which(shell)]
PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"


def stages(shell: str, *arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess:
    command = [shell, ROOT / "tests" / "stages.sh", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def summary(run: subprocess.CompletedProcess) -> list[list[str]]:
    """Name and verdict of each stage, from the closing lines."""
    lines = run.stdout.split("The stages of this run:\n")[1].splitlines()
    return [[line.split()[0], line.split(" s  ", 1)[1]] for line in lines]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_failing_stage_hides_no_other(shell):
    run = stages(shell, "one", "echo first", "two", "exit 3", "three", "echo 'and third'", "four", "false")
    assert run.returncode == 1
    assert "first\n" in run.stdout
    assert "and third\n" in run.stdout
    assert summary(run) == [
        ["one", "passed"],
        ["two", "FAILED (exit 3)"],
        ["three", "passed"],
        ["four", "FAILED (exit 1)"],
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_all_passing_is_the_only_success(shell):
    run = stages(shell, "one", "true", "two", "true")
    assert (run.returncode, summary(run)) == (0, [["one", "passed"], ["two", "passed"]])
    for place in range(2):
        commands = ["true", "true"]
        commands[place] = "exit 5"
        assert stages(shell, "one", commands[0], "two", commands[1]).returncode == 1


def test_a_stage_without_tests_fails_and_pytests_own_lines_stay(tmp_path):
    (tmp_path / "test_good.py").write_text("def test_it():\n    pass\n")
    (tmp_path / "test_bad.py").write_text("def test_it():\n    assert False\n")
    run = stages(
        "sh",
        "none",
        f"{PYTEST} -k nothing",
        "bad",
        f"{PYTEST} test_bad.py",
        "good",
        f"{PYTEST} test_good.py",
        folder=tmp_path,
    )
    assert run.returncode == 1
    assert "1 failed in" in run.stdout
    assert "1 passed in" in run.stdout
    verdicts = ["FAILED (exit 5: pytest found no test)", "FAILED (exit 1)", "passed"]
    assert [verdict for _, verdict in summary(run)] == verdicts


def test_the_slowest_parts_of_all_stages_are_said(tmp_path):
    for number in range(11):
        (tmp_path / f"test_{number}.py").write_text(f"import time\ndef test_it():\n    time.sleep({number} / 20)\n")
    command = f"PYTHONPATH={ROOT} {PYTEST} -p tests.parts"
    run = stages(
        "sh", "low", f"{command} test_[0-4].py", "high", f"{command} test_[5-9].py test_10.py", folder=tmp_path
    )
    said = run.stdout.split("The ten slowest parts of this run:\n")[1].split("\n\n")[0].splitlines()
    assert sorted(line.split()[2] for line in said) == sorted(f"test_{number}.py" for number in range(1, 11))
    assert [float(line.split()[0]) for line in said] == sorted((float(line.split()[0]) for line in said), reverse=True)
    assert "The ten slowest" not in stages("sh", "none", "true").stdout


def test_the_time_a_stage_took_is_said():
    line = stages("sh", "short", "sleep 1.2").stdout.splitlines()[-1]
    assert line.split()[1] == "0"
    assert int(line.split()[3]) >= 1


@pytest.mark.parametrize("arguments", [(), ("name",), ("name", "true", "other")])
def test_a_name_without_command_is_refused(arguments):
    run = stages("sh", *arguments)
    assert run.returncode == 2
    assert "NAME COMMAND" in run.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_an_interrupt_starts_no_further_stage(shell, tmp_path):
    """As Ctrl-C does, the signal goes to the whole group: the script and what it runs."""
    script = f"{sys.executable} -c \"import time; open('begun', 'w').close(); time.sleep(600)\""
    command = [shell, ROOT / "tests" / "stages.sh", "long", script, "next", "touch reached"]
    process = subprocess.Popen(
        command, cwd=tmp_path, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    while not (tmp_path / "begun").exists() and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate()
    assert process.returncode == 130
    assert 'Interrupted during "long"' in said
    assert not (tmp_path / "reached").exists()


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_make_test_runs_every_stage_and_compares_pictures():
    """What it would run, without running it; `-k` changes nothing of that."""
    for options in ([], ["-k"]):
        run = subprocess.run(["make", "-n", *options, "test"], capture_output=True, text=True, check=False, cwd=ROOT)
        command = run.stdout.split("tests/stages.sh", 1)[1]
        pages = next(line for line in command.splitlines() if "_build/jupyter_execute" in line)
        assert "-p tests.notebooks.plugin" in pages
        assert "--nbval " in pages
        assert "--as-reader _build/html/_sources" in pages
        for stage in ("book", "assignments", "tests", "pages", "solutions"):
            assert f"  {stage} " in command
