"""The loss of a step: one number, or several by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from torch import Tensor

Recorded = float | dict[str, float]
"""What is kept of a step's loss."""


def total_and_record(loss: Any, step: int) -> tuple[Tensor, Recorded]:
    """What is minimised, and its value or its terms' values.

    Args:
        loss: a tensor of one number, or a dictionary of such tensors, whose sum is minimised.
        step: named in the errors.

    Returns:
        A scalar with a gradient; a float, or the floats of the terms by name.

    Raises:
        ValueError: if there is no term, one is no tensor of one number, one is not finite or their sum is not, or
            nothing has a gradient.
    """
    record: Recorded
    if isinstance(loss, Mapping):
        if not loss:
            raise ValueError(f"the loss has no terms at step {step}: its dictionary is empty")
        terms = {name: _number(term, f"the term {name!r} of the loss", step) for name, term in loss.items()}
        first, *others = terms.values()
        total, record = sum(others, first), {name: term.item() for name, term in terms.items()}
        for name, value in record.items():
            _check_finite(value, f"the term {name!r} of the loss", step)
        _check_finite(total.item(), "the sum of the loss's terms", step)
    else:
        total = _number(loss, "the loss", step)
        record = total.item()
        _check_finite(total.item(), "the loss", step)
    if not total.requires_grad:
        raise ValueError(f"the loss depends on no parameter that is trained at step {step}")
    return total, record


def _number(term: Any, name: str, step: int) -> Tensor:
    if not isinstance(term, Tensor):
        raise ValueError(f"{name} must be a tensor of one number; got {type(term).__name__} at step {step}")
    if term.numel() != 1:
        raise ValueError(f"{name} must be one number; got the shape {tuple(term.shape)} at step {step}")
    return term.reshape(())


def _check_finite(value: float, name: str, step: int) -> None:
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value} at step {step}: try a lower rate")
