"""What a sandbox is worth on this host: tried in a process of its own, never guessed."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REQUIRED = ("namespaces", "read-only root", "dropped capabilities", "no new privileges", "limits")
EXTRA = ("memory cgroup", "landlock", "seccomp")
PATIENCE = 600  # seconds for the trial: a net, since it takes less than one


@dataclass(frozen=True)
class Layer:
    """One layer of the sandbox.

    Args:
        name: one of REQUIRED or EXTRA.
        available: it was tried and holds.
        required: no stranger's code may run without it.
        detail: in plain words what was seen, or why not.
    """

    name: str
    available: bool
    required: bool
    detail: str


@dataclass(frozen=True)
class Report:
    """What the trial found.

    Args:
        layers: all of REQUIRED, then all of EXTRA.
        failure: why the sandbox could not be entered at all; empty if it could.
    """

    layers: tuple[Layer, ...]
    failure: str = ""

    @property
    def confines(self) -> bool:
        """Whether every required layer holds."""
        return all(layer.available for layer in self.layers if layer.required)

    @property
    def sentence(self) -> str:
        """Why strangers' code cannot be confined here, in one sentence; empty if it can."""
        if self.confines:
            return ""
        missing = next(layer for layer in self.layers if layer.required and not layer.available)
        return self.failure or f"{missing.name}: {missing.detail}"


def probe() -> Report:
    """Try the sandbox on this host, in a fresh process; safe in a program with threads.

    Returns:
        The report; on another system than Linux, one that says so. Takes about half a second.
    """
    if sys.platform != "linux":
        return nothing(f"the sandbox needs Linux, this is {platform.system()}")
    packages = str(Path(__file__).parents[2])
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([packages, *filter(None, [os.getenv("PYTHONPATH")])]))
    command = [sys.executable, "-m", "proctor.sandbox.trial"]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
        found = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired) as error:
        return nothing(f"the trial did not run: {error}")
    except json.JSONDecodeError:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return nothing(f"the trial ended with status {done.returncode}: {last}")
    return read(found)


def nothing(failure: str) -> Report:
    """The report of a host on which nothing could be tried."""
    return read({"failure": failure, "layers": {}})


def read(found: dict) -> Report:
    """The report in what the trial printed.

    Args:
        found: {"failure": text, "layers": {name: [available, detail]}}; a layer that is missing was not tried.
    """
    untried = (False, "not tried" if found["failure"] else "the trial did not report it")
    layers = []
    for name in (*REQUIRED, *EXTRA):
        available, detail = found["layers"].get(name, untried)
        layers.append(Layer(name, available, name in REQUIRED, detail))
    return Report(tuple(layers), found["failure"])
