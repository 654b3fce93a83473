"""Individual fairness: whether people who are alike are treated alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from seeing.arrays import as_tensor
from seeing.fairness.inputs import check_lengths

Distance = Callable[[Tensor, Tensor], Tensor]
"""From (n, D) and (m, D) float64 rows to their (n, m) distances, at least 0."""
CHUNK = 1 << 22
"""How many distances are held at a time: 32 MB."""


@dataclass(frozen=True, eq=False)
class LipschitzViolations:
    """The pairs of rows whose predictions differ by more than their distance allows.

    Attributes:
        pairs: how many pairs of different rows there are, N (N - 1) / 2.
        violations: how many of them violate the condition.
        by_row: (N,) int64, in how many violations each row takes part; torch if the predictions are, else numpy.
        worst_ratio: the largest difference of predictions over distance, the least constant that no pair would
            violate; infinite if equal rows differ in their prediction, and 0 without pairs.
        worst_pair: the rows of that ratio, the first such in reading order; None without pairs.
    """

    pairs: int
    violations: int
    by_row: np.ndarray | Tensor
    worst_ratio: float
    worst_pair: tuple[int, int] | None

    @property
    def share(self) -> float:
        """Share of the pairs that violate the condition, in [0, 1], ideally 0; NaN without pairs."""
        return self.violations / self.pairs if self.pairs else float("nan")


def lipschitz_violations(
    features: ArrayLike | Tensor,
    predictions: ArrayLike | Tensor,
    *,
    constant: float = 1,
    distance: Distance | None = None,
    tolerance: float = 1e-9,
) -> LipschitzViolations:
    """The pairs with |f(x) - f(x')| > L d(x, x'). Ideal value: none.

    Everything hangs on the distance: it must say who is alike for the task at hand. The default is the Euclidean one,
    of features as they come, so give them a common scale first, and leave out what should not matter.

    Args:
        features: (N, D) finite numbers, N >= 0.
        predictions: (N,), probabilities of the outcome in [0, 1], whose difference is taken; or (N, K), distributions
            over K outcomes, of which the total variation distance is, half the sum of |p - q|.
        constant: L >= 0.
        distance: of the rows; if None, Euclidean.
        tolerance: by how much a difference may be over the limit without being counted: rounding.

    Returns:
        How many and which. The time is in N^2, the memory in N.

    Raises:
        ValueError: if a shape or number is not as above, or the distance gives something else than distances.

    Example:
        >>> found = lipschitz_violations([[0.0], [0.5], [10.0]], [0.0, 1.0, 1.0])
        >>> found.violations, found.worst_pair, found.worst_ratio  # half apart, judged as unlike as can be
        (1, (0, 1), 2.0)

    Source: Dwork, Hardt, Pitassi, Reingold and Zemel, Fairness through awareness (2012), definition 2.1.
    """
    rows, outcomes = _features(features), _predictions(predictions)
    check_lengths(features=len(rows), predictions=len(outcomes))
    if not (constant >= 0 and tolerance >= 0):
        raise ValueError(f"constant and tolerance must be at least 0; got {constant} and {tolerance}")
    table = outcomes if outcomes.dim() == 2 else torch.stack([outcomes, 1 - outcomes], 1)
    outcomes = table.to(rows.device)
    count = len(rows)
    by_row = torch.zeros(count, dtype=torch.int64, device=rows.device)
    worst, pair = -1.0, None
    for start, stop in _chunks(count):
        # Only pairs with the other row below: each pair once, and no row with itself.
        apart = _distances(rows[start:stop], rows[start:], distance)
        change = torch.cdist(outcomes[start:stop], outcomes[start:], p=1) / 2
        below = torch.ones_like(apart, dtype=torch.bool).triu(1)
        broken = (change > constant * apart + tolerance) & below
        by_row[start:stop] += broken.sum(1)
        by_row[start:] += broken.sum(0)
        ratio = torch.where(change <= tolerance, 0, change / apart)
        ratio = torch.where(below, ratio, -1)
        if ratio.numel() and float(ratio.max()) > worst:
            worst, index = float(ratio.max()), int(ratio.argmax())
            pair = (start + index // ratio.shape[1], start + index % ratio.shape[1])
    shown = by_row.to(predictions.device) if isinstance(predictions, Tensor) else by_row.cpu().numpy()
    return LipschitzViolations(count * (count - 1) // 2, int(by_row.sum()) // 2, shown, max(worst, 0.0), pair)


def consistency(
    features: ArrayLike | Tensor,
    predictions: ArrayLike | Tensor,
    *,
    neighbours: int = 5,
    distance: Distance | None = None,
) -> float:
    """How like a row's prediction those of its nearest neighbours are: 1 - mean |f(x) - mean of its k neighbours' f|.

    Ideal value: 1. No row is its own neighbour, which would make any prediction look consistent, but another row with
    equal features is. Of rows at one distance, the first ones are the nearest.

    Args:
        features: (N, D) finite numbers, on a common scale, without what should not matter.
        predictions: (N,), 0 and 1, or probabilities in [0, 1].
        neighbours: k, from 1 to N - 1.
        distance: of the rows; if None, Euclidean.

    Returns:
        A number in [0, 1]. The time is in N^2, the memory in N.

    Raises:
        ValueError: if a shape or number is not as above, or the distance gives something else than distances.

    Example:
        >>> consistency([[0.0], [1.0], [9.0], [10.0]], [1, 1, 0, 1], neighbours=1)  # two agree, two do not
        0.5

    Source: Zemel, Wu, Swersky, Pitassi and Dwork, Learning fair representations (2013), section 5, "yNN", whose
        formula wants a mean where it prints a sum.
    """
    rows, outcomes = _features(features), _predictions(predictions)
    check_lengths(features=len(rows), predictions=len(outcomes))
    if outcomes.dim() != 1:
        raise ValueError(f"predictions must be (N,); got {tuple(outcomes.shape)}")
    if not 1 <= neighbours < len(rows):
        raise ValueError(
            f"neighbours must be from 1 to N - 1, as no row is its own neighbour; got {neighbours} with N = {len(rows)}"
        )
    outcomes = outcomes.to(rows.device)
    gap = 0.0
    for start, stop in _chunks(len(rows)):
        apart = _distances(rows[start:stop], rows, distance)
        apart.diagonal(start).fill_(torch.inf)
        around = _mean_nearest(apart, outcomes, neighbours)
        gap += float((outcomes[start:stop] - around).abs().sum())
    return 1 - gap / len(rows)


def _mean_nearest(apart: Tensor, outcomes: Tensor, neighbours: int) -> Tensor:
    """(n,): the mean outcome of the k nearest rows, the first of equals; a row's distance from itself is infinite."""
    distances, nearest = apart.topk(neighbours + 1, largest=False)
    mean = outcomes[nearest[:, :-1]].mean(1)
    # topk promises no order of equals: where the last neighbour has an equal outside, the first ones are counted off.
    tied = distances[:, -1] == distances[:, -2]
    if bool(tied.any()):
        rows, last = apart[tied], distances[tied, -2:-1]
        nearer, equal = rows < last, rows == last
        chosen = nearer | (equal & (equal.cumsum(1) <= neighbours - nearer.sum(1, keepdim=True)))
        mean[tied] = chosen.double() @ outcomes / neighbours
    return mean


def _distances(some: Tensor, others: Tensor, distance: Distance | None) -> Tensor:
    """(n, m) float64 distances, checked if they are the caller's."""
    if distance is None:
        # The faster way by products would tell equal rows apart by rounding.
        return torch.cdist(some, others, compute_mode="donot_use_mm_for_euclid_dist")
    apart = torch.as_tensor(distance(some, others)).to(some, copy=True)
    if apart.shape != (len(some), len(others)):
        raise ValueError(f"distance must give ({len(some)}, {len(others)}) numbers; got {tuple(apart.shape)}")
    wrong = ~((apart >= 0) & torch.isfinite(apart))
    if bool(wrong.any()):
        raise ValueError(f"distances must be finite and at least 0; got {float(apart[wrong][0])}")
    return apart


def _chunks(count: int) -> Iterator[tuple[int, int]]:
    """The starts and stops of so many rows at a time that their distances to all fit into a chunk."""
    step = max(1, CHUNK // max(count, 1))
    return ((start, min(start + step, count)) for start in range(0, count, step))


def _features(values: ArrayLike | Tensor) -> Tensor:
    rows = _float64(values, "features")
    if rows.dim() != 2 or not bool(torch.isfinite(rows).all()):
        raise ValueError(f"features must be (N, D) finite numbers; got {tuple(rows.shape)}, or NaN or an infinity")
    return rows


def _predictions(values: ArrayLike | Tensor) -> Tensor:
    outcomes = _float64(values, "predictions")
    if outcomes.dim() not in (1, 2):
        raise ValueError(f"predictions must be (N,) or (N, K); got {tuple(outcomes.shape)}")
    outside = ~((outcomes >= 0) & (outcomes <= 1))
    if bool(outside.any()):
        raise ValueError(f"predictions must be probabilities in [0, 1]; got {float(outcomes[outside][0])}")
    if outcomes.dim() == 2:
        off = (outcomes.sum(1) - 1).abs() > 1e-3
        if bool(off.any()):
            raise ValueError(f"each row of predictions must sum to 1; got {float(outcomes[off][0].sum())}")
    return outcomes


def _float64(values: ArrayLike | Tensor, name: str) -> Tensor:
    return as_tensor(values, name).detach().double()
