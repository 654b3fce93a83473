"""Wilson's interval: how far the rate behind a count might be from the share that was seen."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from seeing.fairness.groups.counts import GroupCounts
from seeing.fairness.groups.rates import SHARES, RateName, check_minimum, check_rate, group_rate
from seeing.fairness.inputs import numbers


def wilson_interval(successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """The score interval of a binomial rate: all rates from which the share is at most z standard errors away.

    Unlike share +- z standard errors, it stays inside [0, 1] and has a width where nothing, or everything, was seen.

    Args:
        successes: any shape, 0 <= successes <= trials; need not be whole.
        trials: of a shape that broadcasts with it; 0 trials tell nothing and give (0, 1).
        confidence: in (0, 1).

    Returns:
        The low and the high end, float64 in [0, 1], of the broadcast shape.

    Raises:
        ValueError: if an argument is out of its range.

    Example:
        >>> low, high = wilson_interval(0, 10)  # none of ten: the rate may still be a quarter
        >>> round(float(low), 2), round(float(high), 2)
        (0.0, 0.28)

    Source: Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """
    successes, trials = _broadcast(numbers(successes, "successes"), numbers(trials, "trials"))
    if not ((successes >= 0) & (successes <= trials) & np.isfinite(trials)).all():
        raise ValueError("successes must lie between 0 and trials in every entry, and both be finite")
    z2 = _normal_quantile(confidence) ** 2
    # (s + z²/2 ± z sqrt(s (n - s) / n + z²/4)) / (n + z²); without trials, the root is z/2
    spread = np.sqrt(z2 * (successes * (trials - successes) / np.maximum(trials, 1e-300) + z2 / 4))
    low = (successes + z2 / 2 - spread) / (trials + z2)
    high = (successes + z2 / 2 + spread) / (trials + z2)
    # Rounding must not turn an impossible end into a tiny or negative one.
    return np.where(successes == 0, 0.0, low), np.where(successes == trials, 1.0, high)


def _broadcast(successes: np.ndarray, trials: np.ndarray) -> list[np.ndarray]:
    try:
        return list(np.broadcast_arrays(successes, trials))
    except ValueError:
        raise ValueError(
            f"successes and trials must have shapes that broadcast; got {successes.shape} and {trials.shape}"
        ) from None


def rate_interval(
    counts: GroupCounts, name: RateName, confidence: float = 0.95, minimum_n: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's interval of one rate in every group.

    Weighted rows count as Kish's effective number of trials, (sum of weights)^2 / (sum of squared weights).

    Args:
        counts: of G groups.
        name: the rate, as in `group_rate`.
        confidence: in (0, 1).
        minimum_n: how many rows the rate must rest on.

    Returns:
        The low and the high end, (G,) each; NaN where `group_rate` is.

    Raises:
        ValueError: if there is no such rate, or an argument is out of its range.

    Example:
        >>> counts = group_counts([1] * 10, [0] * 10, sensitive_features=["a"] * 10)
        >>> low, high = rate_interval(counts, "true_positive_rate")
        >>> low.round(2), high.round(2)  # none of ten found
        (array([0.]), array([0.28]))

    Source: for weights, Kish, Survey sampling (1965), section 11.7.
    """
    check_rate(name)
    check_minimum(minimum_n)
    rates = group_rate(counts, name, minimum_n)
    among = np.array(SHARES[name][1], np.float64)
    totals, squares = (part.reshape(-1, 4) @ among for part in (counts.table, counts.squares))
    known = ~np.isnan(rates)
    trials = np.where(known, totals**2 / np.where(squares > 0, squares, 1), 0)
    low, high = wilson_interval(np.where(known, rates, 0) * trials, trials, confidence)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _normal_quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie in (0, 1); got {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
