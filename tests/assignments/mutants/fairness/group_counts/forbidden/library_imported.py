# the library's table and rates
from seeing.fairness.groups.counts import GroupCounts, group_counts as library_counts
from seeing.fairness.groups.rates import table_rates


def group_counts(labels, scores, groups, threshold, weights=None):
    found = library_counts(labels, (scores >= threshold).astype(int), sensitive_features=groups, sample_weight=weights)
    return list(found.groups), found.table.reshape(-1, 4)


def false_positive_rates(counts):
    return table_rates(np.asarray(counts, dtype=float).reshape(-1, 2, 2), ["false_positive_rate"])[:, 0]
