# the first group and the rest
def group_counts(labels, scores, groups, threshold, weights=None):
    names = np.unique(groups)
    weights = np.ones(len(labels)) if weights is None else weights
    decisions = scores >= threshold
    table = []
    for chosen in (groups == names[0], groups != names[0]):
        table.append([weights[chosen & (labels == y) & (decisions == d)].sum() for y in (0, 1) for d in (0, 1)])
    return names[:2], np.array(table)


def false_positive_rates(counts):
    counts = np.asarray(counts, dtype=float)
    negatives = counts[:, 0] + counts[:, 1]
    return np.divide(counts[:, 1], negatives, out=np.full(len(counts), np.nan), where=negatives > 0)
