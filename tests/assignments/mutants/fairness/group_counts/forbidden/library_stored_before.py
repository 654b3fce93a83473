# stored before the test begins
import functools
import seeing.fairness.groups.counts
import seeing.fairness.groups.rates

_counts = functools.partial(seeing.fairness.groups.counts.group_counts)
_rates = functools.partial(seeing.fairness.groups.rates.table_rates, names=["false_positive_rate"])


def group_counts(labels, scores, groups, threshold, weights=None):
    found = _counts(labels, (scores >= threshold).astype(int), sensitive_features=groups, sample_weight=weights)
    return list(found.groups), found.table.reshape(-1, 4)


def false_positive_rates(counts):
    return _rates(np.asarray(counts, dtype=float).reshape(-1, 2, 2))[:, 0]
