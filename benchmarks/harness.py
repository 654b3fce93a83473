"""Timing two ways to do the same thing, in turn, so that a machine whose speed drifts slows both.

On the CPU everything runs on one thread and processor time is counted; on a GPU, wall time, with the device's work.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
HEADER = ("case", "ours (ms)", "peer", "peer (ms)", "peer / ours", "aim")


@dataclass(frozen=True)
class Case:
    """One thing to do, our way and the peers' way."""

    ours: Callable[[], object]
    peers: Mapping[str, Callable[[], object]]
    aim: float | None = None
    """The ratio of the fastest peer's time to ours that we want, where there is one."""


def seconds(call: Callable[[], object], device: str) -> float:
    """Time of one call."""
    if device == "cuda":
        torch.cuda.synchronize()
        start = time.perf_counter()
        call()
        torch.cuda.synchronize()
        return time.perf_counter() - start
    start = time.process_time()
    call()
    return time.process_time() - start


def medians(calls: Mapping[str, Callable], device: str, rounds: int = 30, budget: float = 20) -> dict[str, float]:
    """Median seconds of each call, measured a, b, a, b, ... after a warm-up that does not count.

    Args:
        calls: name: call.
        device: "cpu" or "cuda".
        rounds: how often each runs, at most.
        budget: wall seconds after which no further round begins; three rounds run in any case.
    """
    for call in calls.values():
        call()  # compiles, fills caches
    # A clock ticks every microsecond or so: short calls are timed many at a time.
    repeats = {name: max(1, min(1000, int(2e-3 / max(seconds(call, device), 1e-7)))) for name, call in calls.items()}
    times = {name: [] for name in calls}
    end = time.perf_counter() + budget
    for done in range(rounds):
        if done >= 3 and time.perf_counter() > end:
            break
        for name, call in calls.items():
            loop = lambda call=call, n=repeats[name]: [call() for _ in range(n)]  # noqa: E731
            times[name].append(seconds(loop, device) / repeats[name])
    return {name: statistics.median(values) for name, values in times.items()}


def report(subject: str, cases: Mapping[str, Case], device: str = "cpu") -> None:
    """Measure every case, print the table, and write it to results/<subject>-<device>.md."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    rows = []
    for name, case in track(cases.items(), description=subject, transient=True):
        found = medians({"": case.ours, **case.peers}, device)
        mine = found.pop("")
        for peer, theirs in found.items():
            aim = "" if case.aim is None else f"{case.aim:g}"
            rows.append((name, f"{mine * 1e3:.3f}", peer, f"{theirs * 1e3:.3f}", f"{theirs / mine:.2f}", aim))
    machine_name = machine(device)
    torch.set_num_threads(threads)
    table = Table(*HEADER, title=f"{subject} on {machine_name}")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    clock = "wall time" if device == "cuda" else "processor time of one thread"
    about = (
        f"{machine_name}; torch {torch.__version__}; medians of interleaved rounds, {clock}; higher is better for us."
    )
    lines = [f"# {subject}", "", about, ""]
    lines += ["| " + " | ".join(row) + " |" for row in [HEADER, ("---", "---:", "---", "---:", "---:", "---:"), *rows]]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{subject}-{device}.md").write_text("\n".join(lines) + "\n")


def machine(device: str) -> str:
    """What the numbers were measured on."""
    if device == "cuda":
        return torch.cuda.get_device_name()
    return f"{platform.machine()} {processor()}, {torch.get_num_threads()} thread(s)"


def processor() -> str:
    """The processor's name, where the system tells it."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()
