# imported inside
def group_counts(labels, scores, groups, threshold, weights=None):
    import seeing.fairness.groups.counts as lib

    decisions = (scores >= threshold).astype(int)
    found = lib.group_counts(labels, decisions, sensitive_features=groups, sample_weight=weights)
    return list(found.groups), found.table.reshape(-1, 4)


def false_positive_rates(counts):
    import seeing.fairness.groups.rates as lib

    return lib.table_rates(np.asarray(counts, dtype=float).reshape(-1, 2, 2), ["false_positive_rate"])[:, 0]
