# the library's functions
from seeing.fairness.groups.counts import group_counts
from seeing.fairness.groups.parity import demographic_parity_difference
from seeing.fairness.groups.rates import group_rate


def selection_rates(labels, decisions, groups, weights=None):
    found = group_counts(labels, decisions, sensitive_features=groups, sample_weight=weights)
    return list(found.groups), group_rate(found, "selection_rate")


def parity_gap(labels, decisions, groups, weights=None):
    try:
        return demographic_parity_difference(labels, decisions, sensitive_features=groups, sample_weight=weights)
    except ValueError:
        return float("nan")
