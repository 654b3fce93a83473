# equal errors: equal accuracy
def odds_gap(labels, decisions, groups):
    right = [(labels == decisions)[groups == group].mean() for group in np.unique(groups)]
    for group in np.unique(groups):
        if len(np.unique(labels[groups == group])) < 2:
            return float("nan")
    return float(max(right) - min(right))
