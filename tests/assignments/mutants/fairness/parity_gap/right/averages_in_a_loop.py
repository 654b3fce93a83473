# np.average for each group; all pairs of groups
from itertools import product


def selection_rates(labels, decisions, groups, weights=None):
    names = sorted(set(groups.tolist()))
    rates = []
    for name in names:
        mine = groups == name
        w = np.ones(mine.sum()) if weights is None else weights[mine]
        rates.append(np.average(decisions[mine], weights=w) if w.sum() > 0 else np.nan)
    return names, np.array(rates)


def parity_gap(labels, decisions, groups, weights=None):
    rates = selection_rates(labels, decisions, groups, weights)[1]
    if np.isnan(rates).any():
        return float("nan")
    return max(abs(a - b) for a, b in product(rates, rates))
