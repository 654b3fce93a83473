# torch: sums by index_add, and the ends of the sorted rates
def selection_rates(labels, decisions, groups, weights=None):
    names, index = np.unique(groups, return_inverse=True)
    index, chosen = torch.as_tensor(index), torch.as_tensor(decisions).double()
    w = torch.ones_like(chosen) if weights is None else torch.as_tensor(weights).double()
    sums = torch.zeros(2, len(names), dtype=torch.float64).index_add_(1, index, torch.stack([w * chosen, w]))
    return names, sums[0] / sums[1]


def parity_gap(labels, decisions, groups, weights=None):
    ordered = selection_rates(labels, decisions, groups, weights)[1].sort().values
    return ordered[-1] - ordered[0] + 0 * ordered.sum()
