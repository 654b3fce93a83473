# the mean of all differences
def selection_rates(labels, decisions, groups, weights=None):
    names, index = np.unique(groups, return_inverse=True)
    weights = np.ones(len(index)) if weights is None else weights
    whole = np.bincount(index, weights=weights)
    selected = np.bincount(index, weights=weights * decisions)
    return names, np.divide(selected, whole, out=np.full(len(names), np.nan), where=whole > 0)


def parity_gap(labels, decisions, groups, weights=None):
    _, rates = selection_rates(labels, decisions, groups, weights)
    pairs = [abs(a - b) for i, a in enumerate(rates) for b in rates[:i]]
    return float(np.mean(pairs)) if pairs else 0.0
