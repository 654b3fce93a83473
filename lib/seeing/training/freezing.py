"""Parts of a model that stay as they are while the rest learns."""

from __future__ import annotations

from torch import nn

MARK = "statistics_frozen"
"""The attribute of a frozen normalisation: like `requires_grad` it goes with copies, and not into a state_dict."""


def freeze(module: nn.Module, *, statistics: bool = False) -> None:
    """Keep a module's parameters as they are: `fit` leaves them out.

    Its dropout goes on dropping while the module is in training mode.

    Args:
        module: the part; its gradients still pass through to the parts before it.
        statistics: whether its normalisation layers keep their running statistics, too, and normalise by them in
            training as they do in evaluation. A batch's own mean and variance are then never used, as in torchvision's
            `FrozenBatchNorm2d`: right where batches are small, as a detector's are. Without it the statistics follow
            the new pictures.
    """
    module.requires_grad_(False)
    if statistics:
        for part in module.modules():
            if getattr(part, "running_mean", None) is not None:
                setattr(part, MARK, True)
                part.eval()


def unfreeze(module: nn.Module) -> None:
    """Let everything in a module learn again: its parameters and, from the next training on, its statistics."""
    module.requires_grad_(True)
    for part in module.modules():
        part.__dict__.pop(MARK, None)


def training_mode(model: nn.Module) -> None:
    """`model.train()` without those whose statistics are frozen: they stay in evaluation mode.

    `fit` does this; a loop of one's own calls it wherever it would call `model.train()`.
    """
    model.train()
    for part in model.modules():
        if getattr(part, MARK, False):
            part.eval()
