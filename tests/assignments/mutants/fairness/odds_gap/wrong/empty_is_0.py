# no cases, no positives: a rate of 0
def odds_gap(labels, decisions, groups):
    gaps = []
    for label in (0, 1):
        rates = []
        for group in np.unique(groups):
            chosen = decisions[(groups == group) & (labels == label)]
            rates.append(chosen.mean() if len(chosen) else 0.0)
        gaps.append(max(rates) - min(rates))
    return float(max(gaps))
