"""FICO's published tables as histograms of scores, which the threshold fits take."""

from __future__ import annotations

import numpy as np

from seeing.data.fico import Fico
from seeing.fairness.thresholds.score_counts import ScoreCounts


def credit_counts(fico: Fico) -> dict[str, ScoreCounts]:
    """How many people of each group and score repay (label 1) and default (label 0), as the tables imply.

    Args:
        fico: such as `load_fico` gives.

    Returns:
        For each group a histogram; the counts are not whole, as the tables hold percentages.
    """
    counts = {}
    for column, group in enumerate(fico.groups):
        people = np.diff(fico.cdf[:, column], prepend=0) * fico.totals[column]
        default = fico.default_rate[:, column]
        counts[group] = ScoreCounts(fico.scores, people * default, people * (1 - default))
    return counts
