# importlib, the name in halves
import importlib
import math


def lib():
    return importlib.import_module("see" + "ing.fairness")


def wilson(successes, trials, z=1.96):
    return lib().wilson_interval(successes, trials, math.erf(z / math.sqrt(2)))


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    gaps = []
    for rows in draws:
        counts = lib().group_counts(labels[rows], decisions[rows], sensitive_features=group[rows])
        rates = lib().group_rate(counts, "true_positive_rate")
        if len(rates) == 2 and np.isfinite(rates).all():
            gaps.append(rates[0] - rates[1])
    return tuple(np.quantile(gaps, [(1 - level) / 2, (1 + level) / 2]).tolist())
