# stored before the test begins
import functools
import seeing.fairness.groups.group_metrics

_metrics = functools.partial(seeing.fairness.groups.group_metrics.group_metrics)


def selection_rates(labels, decisions, groups, weights=None):
    found = _metrics(labels, decisions, sensitive_features=groups, sample_weight=weights)
    return list(found.groups), found.rates["selection_rate"]


def parity_gap(labels, decisions, groups, weights=None):
    found = _metrics(labels, decisions, sensitive_features=groups, sample_weight=weights)
    return float(found.differences["selection_rate"])
