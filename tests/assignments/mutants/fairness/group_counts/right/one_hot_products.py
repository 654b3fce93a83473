# group one-hot times cell one-hot: a matrix product counts
def group_counts(labels, scores, groups, threshold, weights=None):
    names = np.unique(groups)
    member = (groups[:, None] == names).astype(float)
    if weights is not None:
        member = member * weights[:, None]
    cells = np.eye(4)[2 * labels + (scores >= threshold)]
    return names, member.T @ cells


def false_positive_rates(counts):
    with np.errstate(invalid="ignore"):
        return np.true_divide(counts[:, 1], counts[:, :2].sum(1))
