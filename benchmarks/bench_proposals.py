"""What selective search finds, ours and OpenCV's fast mode with the same scales, sigma and smallest segments.

The world's scenes are made here; the real pictures are read where SEEING_DATA says, and left out without it.
"""

import os
import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from scipy.ndimage import find_objects, label
from torch import Tensor

from benchmarks.bench_superpixels import opencv_search
from benchmarks.harness import RESULTS, machine
from seeing.data import World, load_bccd, load_camvid, load_penn_fudan
from seeing.metrics import best_overlaps
from seeing.ops import selective_search

HEADER = ("pictures", "objects", "search", "boxes", "ms", "first", "recall .5", "recall .7", "mean best overlap")
FIRST = (100, 1000, None)
CAMVID_THINGS = (8, 9, 10)
"""Cars, pedestrians, cyclists."""


def worlds() -> Iterator[tuple[Tensor, Tensor]]:
    """Pictures and boxes of procedural scenes."""
    scenes = World(size=128).scenes(100)
    for image, target in zip(scenes.image, scenes.targets(), strict=True):
        yield image, target["boxes"]


def pedestrians() -> Iterator[tuple[Tensor, Tensor]]:
    """Every third street of Penn-Fudan."""
    data = load_penn_fudan(download=False)
    for i in range(0, len(data), 3):
        yield data[i][0], data[i][1]["boxes"]


def blood() -> Iterator[tuple[Tensor, Tensor]]:
    """Every 24th picture of BCCD."""
    data = load_bccd(download=False)
    for i in range(0, len(data), 24):
        yield data[i][0], data[i][1]["boxes"]


def roads() -> Iterator[tuple[Tensor, Tensor]]:
    """Every fourth test picture of CamVid: connected pixels of one class of things, 80 at least."""
    data = load_camvid(download=False, split="test")
    for i in range(0, len(data), 4):
        image, labels = data[i]
        boxes = []
        for thing in CAMVID_THINGS:
            numbered, _ = label(labels.numpy() == thing)
            for number, (rows, columns) in enumerate(find_objects(numbered), 1):
                if (numbered[rows, columns] == number).sum() >= 80:
                    boxes.append([columns.start, rows.start, columns.stop, rows.stop])
        yield image, torch.tensor(boxes, dtype=torch.float32).view(-1, 4)


def opencv(image: Tensor) -> Tensor:
    """OpenCV's boxes, xyxy."""
    picture = (image.flip(0).movedim(0, -1) * 255).round().byte().numpy()
    boxes = torch.from_numpy(opencv_search(np.ascontiguousarray(picture))).float()
    return torch.cat([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], 1)


def ours(image: Tensor) -> Tensor:
    """The parameters of OpenCV's fast mode: scales 150, 300 and 450, and segments of 100 pixels."""
    return selective_search(image, 150, 0.8, 100)


def measure(search: Callable[[Tensor], Tensor], pairs: list[tuple[Tensor, Tensor]]) -> list[tuple[str, ...]]:
    """A row for each number of first boxes."""
    search(pairs[0][0])
    start = time.process_time()
    proposals = [search(image) for image, _ in pairs]
    milliseconds = (time.process_time() - start) / len(pairs) * 1e3
    truths = [boxes for _, boxes in pairs]
    rows = []
    for first in FIRST:
        overlaps = best_overlaps([boxes[:first] for boxes in proposals], truths)
        found = [(overlaps >= threshold).float().mean() for threshold in (0.5, 0.7)]
        figures = [f"{value:.3f}" for value in (*found, overlaps.mean())]
        count = sum(map(len, proposals)) / len(pairs)
        rows.append((f"{count:.0f}", f"{milliseconds:.0f}", "all" if first is None else f"{first:,}", *figures))
    return rows


def report_proposals() -> None:
    """Measure, print the table, and write it to results/proposals-cpu.md."""
    subjects = {"world, 128x128": worlds}
    if "SEEING_DATA" in os.environ:
        subjects |= {"Penn-Fudan": pedestrians, "BCCD": blood, "CamVid": roads}
    rows = []
    for subject, read in subjects.items():
        pairs = list(read())
        objects = f"{sum(len(boxes) for _, boxes in pairs)}"
        for name, search in {"ours": ours, "OpenCV": opencv}.items():
            rows += [(f"{len(pairs)} of {subject}", objects, name, *row) for row in measure(search, pairs)]
    table = Table(*HEADER, title=f"proposals on {machine('cpu')}")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    about = f"{machine('cpu')}; processor time of one thread for a picture; the first so many boxes of each list."
    lines = ["# proposals", "", about, ""]
    lines += ["| " + " | ".join(row) + " |" for row in [HEADER, ("---",) + ("---:",) * 8, *rows]]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "proposals-cpu.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    report_proposals()
