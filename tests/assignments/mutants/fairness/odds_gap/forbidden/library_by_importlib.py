# importlib, the name in halves
from importlib import import_module


def odds_gap(labels, decisions, groups):
    lib = import_module("see" + "ing.fairness.group_metrics")
    return float(lib.group_metrics(labels, decisions, sensitive_features=groups).odds["equalized_odds_difference"])
