# false positives among all positive decisions
def group_counts(labels, scores, groups, threshold, weights=None):
    names, index = np.unique(groups, return_inverse=True)
    cell = 4 * index + 2 * labels + (scores >= threshold)
    return names, np.bincount(cell, weights=weights, minlength=4 * len(names)).reshape(-1, 4)


def false_positive_rates(counts):
    counts = np.asarray(counts, dtype=float)
    positives = counts[:, 1] + counts[:, 3]
    return np.divide(counts[:, 1], positives, out=np.full(len(counts), np.nan), where=positives > 0)
