"""What was trained beforehand for the book: small checkpoints, and the scores of every run, made by `make train`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from torch import nn

from seeing.models import checkpoint

FOLDER = Path(__file__).parent


def load(name: str) -> nn.Module:
    """A trained model, ready to be used.

    Args:
        name: such as "unet"; `names` lists all. "trunk" is a classifier of cut-outs in the shape of an FCN-32s: the
            mean of its coarse scores is its answer, its enlarging layer has not learned.

    Raises:
        ValueError: if there is none of this name.
    """
    if name not in names():
        raise ValueError(f"there is no trained model {name!r}; there are {', '.join(names())}")
    return checkpoint.load(FOLDER / f"{name}.pt")


def names() -> list[str]:
    """The names of all trained models."""
    return sorted(path.stem for path in FOLDER.glob("*.pt"))


def about(name: str) -> dict[str, Any]:
    """How a model was trained and what it scored: see `checkpoint.save`."""
    return checkpoint.read(FOLDER / f"{name}.pt")["about"]


def runs(subject: str) -> list[dict[str, Any]]:
    """The scores of all runs of a subject, one record each.

    Args:
        subject: "architectures": a record for each model and seed, with the model's name, the seed, the number of
            parameters, mIoU, mIoU within two pixels of an outline, and the IoU of each class. "transfer": the same for
            each start, budget of label maps and seed. "streets": see `book/_experiments/streets.py`.

    Raises:
        ValueError: if there is no such subject.
    """
    path = FOLDER / f"{subject}.json"
    if not path.exists():
        raise ValueError(f"no runs of {subject!r}; there are {sorted(p.stem for p in FOLDER.glob('*.json'))}")
    return json.loads(path.read_text())
