"""How far a metric might be off by the luck of which images were drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class Interval(NamedTuple):
    """A percentile interval, in the metric's own unit.

    Attributes:
        low: the lower end.
        high: the upper end.
    """

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
    draws = bootstrap_draws(count, samples, seed)
    check_confidence(confidence)
    return percentile_interval([float(statistic(draw)) for draw in draws], confidence)


def bootstrap_draws(count: int, samples: int, seed: int) -> Iterator[Tensor]:
    """What a bootstrap draws: the indices of as many items again, with replacement, one draw after the other.

    Args:
        count: number of items, at least 1.
        samples: number of draws, at least 1.
        seed: of the draws; the same one gives the same draws.

    Returns:
        (count,) int64 each.

    Raises:
        ValueError: if an argument is out of its range; at once, not at the first draw.
    """
    if count < 1 or samples < 1:
        raise ValueError(f"a bootstrap needs count >= 1 and samples >= 1; got count {count}, samples {samples}")
    generator = torch.Generator().manual_seed(seed)
    return (torch.randint(count, (count,), generator=generator) for _ in range(samples))


def percentile_interval(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """The interval that holds the middle share of what the draws gave.

    Args:
        values: one a draw; NaN is left out.
        confidence: share of the draws inside, in (0, 1).

    Returns:
        The quantiles (1 - confidence) / 2 and (1 + confidence) / 2; (NaN, NaN) if every draw is NaN.

    Raises:
        ValueError: if `confidence` is out of its range.
    """
    check_confidence(confidence)
    tail = (1 - confidence) / 2
    levels = torch.tensor([tail, 1 - tail], dtype=torch.float64)
    return Interval(*torch.nanquantile(torch.as_tensor(values, dtype=torch.float64), levels).tolist())


def check_confidence(confidence: float) -> None:
    """Refuse a share that leaves nothing inside or nothing outside.

    Raises:
        ValueError: if it is not in (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"a bootstrap needs 0 < confidence < 1; got confidence {confidence}")
