# one number for each of the two groups
def group_counts(labels, scores, groups, threshold, weights=None):
    names, index = np.unique(groups, return_inverse=True)
    cell = 4 * index + 2 * labels + (scores >= threshold)
    return names, np.bincount(cell, weights=weights, minlength=4 * len(names)).reshape(-1, 4)


def false_positive_rates(counts):
    first, second = counts[0], counts[1]
    return np.array([row[1] / (row[0] + row[1]) for row in (first, second)])
