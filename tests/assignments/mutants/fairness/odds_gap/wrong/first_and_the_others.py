# one group against all others together
def odds_gap(labels, decisions, groups):
    names = np.unique(groups)
    for group in names:
        if len(np.unique(labels[groups == group])) < 2:
            return float("nan")
    if len(names) == 1:
        return 0.0
    first = groups == names[0]
    gaps = []
    for label in (0, 1):
        gaps.append(abs(decisions[first & (labels == label)].mean() - decisions[~first & (labels == label)].mean()))
    return float(max(gaps))
