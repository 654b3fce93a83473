# a count table with one more axis, and all pairs of groups
def odds_gap(labels, decisions, groups):
    names, index = np.unique(groups, return_inverse=True)
    table = np.zeros((len(names), 2, 2))
    np.add.at(table, (index, labels, decisions), 1)
    with np.errstate(invalid="ignore"):
        rates = table[:, :, 1] / table.sum(2)
    return float(np.abs(rates[:, None] - rates[None]).max())
