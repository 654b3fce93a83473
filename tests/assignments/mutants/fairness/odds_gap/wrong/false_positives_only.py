# the errors are the false positives
def odds_gap(labels, decisions, groups):
    gaps = []
    for label in (0, 1):
        rates = []
        for group in np.unique(groups):
            chosen = decisions[(groups == group) & (labels == label)]
            if not len(chosen):
                return float("nan")
            rates.append(chosen.mean())
        gaps.append(max(rates) - min(rates))
    return float(gaps[0])
