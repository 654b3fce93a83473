# groups are numbered from 0
def group_counts(labels, scores, groups, threshold, weights=None):
    size = int(groups.max()) + 1
    cell = 4 * groups + 2 * labels + (scores >= threshold)
    return np.arange(size), np.bincount(cell, weights=weights, minlength=4 * size).reshape(size, 4)


def false_positive_rates(counts):
    counts = np.asarray(counts, dtype=float)
    negatives = counts[:, 0] + counts[:, 1]
    return np.divide(counts[:, 1], negatives, out=np.full(len(counts), np.nan), where=negatives > 0)
