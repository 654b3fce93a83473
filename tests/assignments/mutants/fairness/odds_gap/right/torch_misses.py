# torch: differences of misses and of true negatives are the same differences
def odds_gap(labels, decisions, groups):
    index = torch.as_tensor(np.unique(groups, return_inverse=True)[1])
    y, d = torch.as_tensor(labels).double(), torch.as_tensor(decisions).double()
    sums = torch.zeros(4, int(index.max()) + 1, dtype=torch.float64)
    sums.index_add_(1, index, torch.stack([y * (1 - d), y, (1 - y) * (1 - d), 1 - y]))
    misses, spared = sums[0] / sums[1], sums[2] / sums[3]
    return torch.stack([misses.max() - misses.min(), spared.max() - spared.min()]).max()
