# importlib, the name in halves
from importlib import import_module


def _metrics(labels, decisions, groups, weights):
    lib = import_module("see" + "ing.fairness.group_metrics")
    return lib.group_metrics(labels, decisions, sensitive_features=groups, sample_weight=weights)


def selection_rates(labels, decisions, groups, weights=None):
    found = _metrics(labels, decisions, groups, weights)
    return list(found.groups), found.rates["selection_rate"]


def parity_gap(labels, decisions, groups, weights=None):
    return float(_metrics(labels, decisions, groups, weights).differences["selection_rate"])
