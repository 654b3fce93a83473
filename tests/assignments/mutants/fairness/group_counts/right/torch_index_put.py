# torch adds into the table, one row of a dict for each name
def group_counts(labels, scores, groups, threshold, weights=None):
    names = sorted({group for group in groups})
    place = {name: i for i, name in enumerate(names)}
    rows = torch.tensor([place[group] for group in groups])
    columns = 2 * torch.as_tensor(labels) + (torch.as_tensor(scores) >= threshold)
    w = torch.ones(len(rows), dtype=torch.float64) if weights is None else torch.as_tensor(weights).double()
    table = torch.zeros(len(names), 4, dtype=torch.float64)
    return names, table.index_put_((rows, columns), w, accumulate=True)


def false_positive_rates(counts):
    counts = torch.as_tensor(counts).double()
    return counts[:, 1] / (counts[:, 0] + counts[:, 1])
