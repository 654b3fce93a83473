"""How far a metric might be off by the luck of which images were drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class Interval(NamedTuple):
    """A percentile interval, in the metric's own unit."""

    low: float
    high: float


def bootstrap_interval(
    statistic: Callable[[Tensor], float],
    count: int,
    *,
    samples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap: draw as many items again, with replacement, and look where the metric falls.

    Args:
        statistic: the metric of the items at these int64 indices, (count,); a NaN (say, of a draw that holds no
            positive) is left out.
        count: number of items n, at least 1; the items are what was drawn independently: images, not pixels.
        samples: number of draws, at least 1.
        confidence: share of the draws inside the interval, in (0, 1).
        seed: of the draws.

    Returns:
        The quantiles (1 - confidence) / 2 and (1 + confidence) / 2 of the statistic; (NaN, NaN) if every draw is NaN.

    Raises:
        ValueError: if an argument is out of its range.

    Example:
        >>> right = torch.tensor([1.0, 1, 1, 1, 1, 1, 1, 1])
        >>> bootstrap_interval(lambda draw: right[draw].mean().item(), count=8)  # whoever is drawn: all are right
        Interval(low=1.0, high=1.0)

    Source: Efron and Tibshirani, An introduction to the bootstrap (1993), section 13.3.
    """
    if count < 1 or samples < 1 or not 0 < confidence < 1:
        raise ValueError(
            "a bootstrap needs count >= 1, samples >= 1 and confidence in (0, 1); "
            f"got count {count}, samples {samples}, confidence {confidence}"
        )
    generator = torch.Generator().manual_seed(seed)
    draws = (torch.randint(count, (count,), generator=generator) for _ in range(samples))
    values = torch.tensor([float(statistic(draw)) for draw in draws], dtype=torch.float64)
    tail = (1 - confidence) / 2
    low, high = torch.nanquantile(values, torch.tensor([tail, 1 - tail], dtype=torch.float64)).tolist()
    return Interval(low, high)
