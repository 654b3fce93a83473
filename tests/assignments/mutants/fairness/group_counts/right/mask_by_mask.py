# four masks a group, and a loop for the rates
def group_counts(labels, scores, groups, threshold, weights=None):
    w = [1.0] * len(labels) if weights is None else weights
    w = np.asarray(w, dtype=float)
    yes, actual = scores >= threshold, labels == 1
    names = sorted(set(groups.tolist()))
    table = np.zeros((len(names), 4))
    for row, name in zip(table, names):
        mine = groups == name
        row[:] = [w[mine & cell].sum() for cell in (~actual & ~yes, ~actual & yes, actual & ~yes, actual & yes)]
    return names, table


def false_positive_rates(counts):
    return np.array([fp / (tn + fp) if tn + fp > 0 else np.nan for tn, fp, fn, tp in counts])
