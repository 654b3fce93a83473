# the groups as they come
def selection_rates(labels, decisions, groups, weights=None):
    weights = np.ones(len(groups)) if weights is None else weights
    sums = {}
    for group, decision, weight in zip(groups.tolist(), decisions, weights):
        one = sums.setdefault(group, [0.0, 0.0])
        one[0] += weight * decision
        one[1] += weight
    return list(sums), np.array([part / whole if whole > 0 else np.nan for part, whole in sums.values()])


def parity_gap(labels, decisions, groups, weights=None):
    _, rates = selection_rates(labels, decisions, groups, weights)
    return float(rates.max() - rates.min())
