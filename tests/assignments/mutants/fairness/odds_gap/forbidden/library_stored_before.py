# stored before the test begins
import functools
import seeing.fairness.groups.group_metrics

_metrics = functools.partial(seeing.fairness.groups.group_metrics.group_metrics)


def odds_gap(labels, decisions, groups):
    return float(_metrics(labels, decisions, sensitive_features=groups).odds["equalized_odds_difference"])
