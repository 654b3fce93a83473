# the library has the interval, the counts and the rate
import math

from seeing.fairness import group_counts, group_rate
from seeing.fairness import wilson_interval as interval


def wilson(successes, trials, z=1.96):
    return interval(successes, trials, math.erf(z / math.sqrt(2)))


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    gaps = []
    for rows in draws:
        counts = group_counts(labels[rows], decisions[rows], sensitive_features=group[rows])
        rates = group_rate(counts, "true_positive_rate")
        if len(rates) == 2 and np.isfinite(rates).all():
            gaps.append(rates[0] - rates[1])
    return tuple(np.quantile(gaps, [(1 - level) / 2, (1 + level) / 2]).tolist())
