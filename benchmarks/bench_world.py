"""How many scenes a second the world paints, by size, difficulty and batch: nothing to compare with, a table."""

import statistics
from collections.abc import Callable

import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.harness import RESULTS, machine, seconds
from seeing.data import World

HEADER = ("what", "scenes a second", "aim")


def cases(device: str) -> dict[str, tuple[Callable[[int], object], int, float | None]]:
    """Name: a call that paints the n-th batch, scenes in a batch, and the scenes a second that we want."""
    large = 1024 if device == "cuda" else 32

    def scenes(world: World, count: int) -> tuple[Callable[[int], object], int]:
        return lambda n: world.scenes(count, device=device, first=n * count), count

    def crops(world: World, count: int) -> tuple[Callable[[int], object], int]:
        return lambda n: world.crops(count, device=device, first=n * count), count

    plain, aim = World(), 20000.0 if device == "cuda" else 800.0
    return {
        f"64x64, {large} at a time": (*scenes(plain, large), aim),
        "64x64, 1 at a time": (*scenes(plain, 1), None),
        "64x64, 4,096 at once": (*scenes(plain, 4096), None),
        f"64x64, difficulty 0, {large} at a time": (*scenes(World.of_difficulty(0.0), large), None),
        f"64x64, difficulty 1, {large} at a time": (*scenes(World.of_difficulty(1.0), large), None),
        f"128x128, {large} at a time": (*scenes(World(size=128), large), None),
        "240x320, 8 at a time": (*scenes(World(size=(240, 320)), 8), None),
        f"crops of 64x64, {large} at a time": (*crops(World(size=(96, 128)), large), None),
    }


def rate(paint: Callable[[int], object], count: int, device: str, rounds: int = 15) -> float:
    """Scenes a second: the median of the rounds, each with scenes of its own."""
    paint(0)
    rounds = max(3, min(rounds, 4096 // count))
    return count / statistics.median(seconds(lambda n=n: paint(n), device) for n in range(1, rounds + 1))


def report_rates(device: str) -> None:
    """Measure every case, print the table, and write it to results/world-<device>.md."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    rows = []
    for name, (paint, count, aim) in track(cases(device).items(), description="world", transient=True):
        rows.append((name, f"{rate(paint, count, device):,.0f}", "" if aim is None else f"{aim:,.0f}"))
    about = f"{machine(device)}; torch {torch.__version__}; "
    about += "wall time." if device == "cuda" else "processor time of one thread."
    torch.set_num_threads(threads)
    table = Table(*HEADER, title=f"world on {machine(device)}")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    lines = ["# world", "", about, ""]
    lines += ["| " + " | ".join(row) + " |" for row in [HEADER, ("---", "---:", "---:"), *rows]]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"world-{device}.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    for device in ["cpu"] + ["cuda"] * torch.cuda.is_available():
        report_rates(device)
