"""Timing two ways to do the same thing, in turn, so that a machine whose speed drifts slows both."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
HEADER = ("case", "ours (ms)", "peer (ms)", "ours / peer")


def seconds(call: Callable[[], object], device: str) -> float:
    """Wall time of one call, the device's work included."""
    start = time.perf_counter()
    call()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def compare(ours: Callable, peer: Callable, device: str, rounds: int = 30) -> tuple[float, float]:
    """Median seconds of each, measured ours, peer, ours, peer, ... after three rounds that do not count."""
    times = [(seconds(ours, device), seconds(peer, device)) for _ in range(rounds + 3)][3:]
    return statistics.median(t for t, _ in times), statistics.median(t for _, t in times)


def report(subject: str, cases: dict[str, tuple[Callable, Callable]], device: str = "cpu") -> None:
    """Measure every case (ours, peer), print the table, and write it to results/<subject>-<machine>.md."""
    rows = []
    for name, (ours, peer) in track(cases.items(), description=subject, transient=True):
        mine, theirs = compare(ours, peer, device)
        rows.append((name, f"{mine * 1e3:.3f}", f"{theirs * 1e3:.3f}", f"{mine / theirs:.2f}"))
    table = Table(*HEADER, title=f"{subject} on {machine(device)}")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    lines = [f"# {subject}", "", f"{machine(device)}; torch {torch.__version__}; medians of 30 interleaved rounds.", ""]
    lines += ["| " + " | ".join(row) + " |" for row in [HEADER, ("---", "---:", "---:", "---:"), *rows]]
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
