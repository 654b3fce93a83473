# the weights are not handed on
def selection_rates(labels, decisions, groups, weights=None):
    names, index = np.unique(groups, return_inverse=True)
    weights = np.ones(len(index)) if weights is None else weights
    whole = np.bincount(index, weights=weights)
    selected = np.bincount(index, weights=weights * decisions)
    return names, np.divide(selected, whole, out=np.full(len(names), np.nan), where=whole > 0)


def parity_gap(labels, decisions, groups, weights=None):
    _, rates = selection_rates(labels, decisions, groups)
    return float(rates.max() - rates.min())
