# importlib, the name in halves
from importlib import import_module


def group_counts(labels, scores, groups, threshold, weights=None):
    lib = import_module("see" + "ing.fairness.counts")
    decisions = (scores >= threshold).astype(int)
    found = lib.group_counts(labels, decisions, sensitive_features=groups, sample_weight=weights)
    return list(found.groups), found.table.reshape(-1, 4)


def false_positive_rates(counts):
    lib = import_module("see" + "ing.fairness.rates")
    return lib.table_rates(np.asarray(counts, dtype=float).reshape(-1, 2, 2), ["false_positive_rate"])[:, 0]
