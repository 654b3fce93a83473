# membership as a matrix; 0 / 0 is the nan that is asked for
def selection_rates(labels, decisions, groups, weights=None):
    names = np.unique(groups)
    member = (names[:, None] == groups) * (1.0 if weights is None else weights)
    with np.errstate(invalid="ignore"):
        return names, (member @ decisions) / member.sum(1)


def parity_gap(labels, decisions, groups, weights=None):
    rates = selection_rates(labels, decisions, groups, weights)[1]
    return np.abs(rates[:, None] - rates[None]).max()
