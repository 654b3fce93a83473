"""Which parameters learn, and how fast."""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn


def parameter_groups(parts: Iterable[nn.Module], rate: float, decay: float = 1.0) -> list[dict]:
    """Groups for `fit(rate=...)`, each with its own learning rate: later parts learn fastest.

    Args:
        parts: from the input to the output, without parameters in common; frozen parameters are left out.
        rate: of the last part.
        decay: each part before learns this many times as fast as the one after it, in (0, 1].

    Raises:
        ValueError: if there is nothing to train, or `decay` is out of range.

    Source: Howard and Ruder, Universal language model fine-tuning for text classification (2018), section 3.2.
    """
    if not 0 < decay <= 1:
        raise ValueError(f"decay must be in (0, 1]; got {decay}")
    parts = list(parts)
    groups = []
    for i, part in enumerate(parts):
        learned = [p for p in part.parameters() if p.requires_grad]
        slowed = rate * decay ** (len(parts) - 1 - i)
        groups.append({"params": learned, "lr": slowed})
    groups = [group for group in groups if group["params"]]
    if not groups:
        raise ValueError("there is nothing to train: every parameter is frozen")
    return groups
