# a dict keeps the groups as they come
def group_counts(labels, scores, groups, threshold, weights=None):
    weights = np.ones(len(labels)) if weights is None else weights
    table = {}
    for label, score, group, weight in zip(labels, scores, groups.tolist(), weights):
        table.setdefault(group, [0.0] * 4)[2 * label + int(score >= threshold)] += weight
    return list(table), np.array(list(table.values()))


def false_positive_rates(counts):
    counts = np.asarray(counts, dtype=float)
    negatives = counts[:, 0] + counts[:, 1]
    return np.divide(counts[:, 1], negatives, out=np.full(len(counts), np.nan), where=negatives > 0)
