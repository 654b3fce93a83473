# the largest rate minus the smallest
def odds_gap(labels, decisions, groups):
    rates = []
    for group in np.unique(groups):
        for label in (0, 1):
            chosen = decisions[(groups == group) & (labels == label)]
            if not len(chosen):
                return float("nan")
            rates.append(chosen.mean())
    return float(max(rates) - min(rates))
