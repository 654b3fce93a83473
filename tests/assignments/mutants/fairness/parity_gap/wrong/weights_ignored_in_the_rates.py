# a rate is a mean
def selection_rates(labels, decisions, groups, weights=None):
    names = np.unique(groups)
    return names, np.array([decisions[groups == name].mean() for name in names])


def parity_gap(labels, decisions, groups, weights=None):
    _, rates = selection_rates(labels, decisions, groups, weights)
    return float(rates.max() - rates.min())
