# stored before the test begins
import functools
import math
import seeing.fairness as lib

_interval = functools.partial(lib.wilson_interval)
_counts = functools.partial(lib.group_counts)
_rate = functools.partial(lib.group_rate)


def wilson(successes, trials, z=1.96):
    return _interval(successes, trials, math.erf(z / math.sqrt(2)))


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    gaps = []
    for rows in draws:
        counts = _counts(labels[rows], decisions[rows], sensitive_features=group[rows])
        rates = _rate(counts, "true_positive_rate")
        if len(rates) == 2 and np.isfinite(rates).all():
            gaps.append(rates[0] - rates[1])
    return tuple(np.quantile(gaps, [(1 - level) / 2, (1 + level) / 2]).tolist())
