"""What was trained beforehand for the book: small checkpoints, made by `make train`.

A checkpoint is a file in the folder of its part of the book: `segmentation/unet.pt` is the model "unet". The scores of
all runs are in `seeing.recorded`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import nn

from seeing import recorded
from seeing.models import checkpoint

FOLDER = Path(__file__).parent


def load(name: str, **changed: Any) -> nn.Module:
    """A trained model, ready to be used.

    Args:
        name: such as "unet"; `names` lists all. "trunk" is a classifier of cut-outs in the shape of an FCN-32s: the
            mean of its coarse scores is its answer, its enlarging layer has not learned.
        changed: arguments of the model's class to replace, such as another padding.

    Raises:
        ValueError: if there is none of this name, or the class does not take the arguments.

    Example:
        >>> model = load("unet")
        >>> model(torch.zeros(1, 3, 64, 64)).shape  # background, disc, triangle, square, star
        torch.Size([1, 5, 64, 64])
    """
    return checkpoint.load(path(name), **changed)


def names() -> list[str]:
    """The names of all trained models."""
    return sorted(_paths())


def path(name: str) -> Path:
    """The file of a trained model.

    Raises:
        ValueError: if there is none of this name.
    """
    paths = _paths()
    if name not in paths:
        raise ValueError(f"there is no trained model {name!r}; there are {', '.join(names())}")
    return paths[name]


def about(name: str) -> dict[str, Any]:
    """How a model was trained and what it scored: see `checkpoint.save`."""
    return checkpoint.read(path(name))["about"]


def runs(subject: str) -> list[dict[str, Any]]:
    """The scores of all runs of a subject, one record each.

    Args:
        subject: "architectures": a record for each model and seed, with the model's name, the seed, the number of
            parameters, mIoU, mIoU within two pixels of an outline, and the IoU of each class. "transfer": the same for
            each start, budget of label maps and seed. "streets": see `book/_experiments/streets.py`.

    Raises:
        ValueError: if there is no such subject.
    """
    found = recorded.load(subject).get("runs") if subject in recorded.names() else None
    if found is None:
        known = [name for name in recorded.names() if "runs" in recorded.load(name)]
        raise ValueError(f"no runs of {subject!r}; there are those of {', '.join(known)}")
    return found


def _paths() -> dict[str, Path]:
    """Every model's file by its name."""
    return {file.stem: file for file in FOLDER.glob("*/*.pt")}
