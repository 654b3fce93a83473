# selected of a group among all cases
def selection_rates(labels, decisions, groups, weights=None):
    names, index = np.unique(groups, return_inverse=True)
    weights = np.ones(len(index)) if weights is None else weights
    whole = np.bincount(index, weights=weights)
    selected = np.bincount(index, weights=weights * decisions)
    whole = np.where(whole > 0, whole.sum(), 0)
    return names, np.divide(selected, whole, out=np.full(len(names), np.nan), where=whole > 0)


def parity_gap(labels, decisions, groups, weights=None):
    _, rates = selection_rates(labels, decisions, groups, weights)
    return float(rates.max() - rates.min())
