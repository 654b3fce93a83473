"""How the learning rate changes over a run."""

from __future__ import annotations

import math


def one_cycle(done: float) -> float:
    """The learning rate's share of its highest value: up along a line, down along half a cosine.

    Args:
        done: share of the run that is over, in [0, 1].

    Returns:
        1/25 at the start, 1 after a fifth, 0 at the end.

    Source: Smith and Topin, Super-convergence (2018).
    """
    if done < 0.2:
        return 0.04 + 0.96 * done / 0.2
    return 0.5 + 0.5 * math.cos(math.pi * (done - 0.2) / 0.8)
