# the two groups' differences
def odds_gap(labels, decisions, groups):
    gaps = []
    for label in (0, 1):
        rates = []
        for group in np.unique(groups):
            chosen = decisions[(groups == group) & (labels == label)]
            if not len(chosen):
                return float("nan")
            rates.append(chosen.mean())
        gaps.append(abs(rates[0] - rates[1]) if len(rates) > 1 else 0.0)
    return float(max(gaps))
