# the mean over the pairs of groups
def odds_gap(labels, decisions, groups):
    gaps = []
    for label in (0, 1):
        rates = []
        for group in np.unique(groups):
            chosen = decisions[(groups == group) & (labels == label)]
            if not len(chosen):
                return float("nan")
            rates.append(chosen.mean())
        pairs = [abs(a - b) for i, a in enumerate(rates) for b in rates[:i]]
        gaps.append(np.mean(pairs) if pairs else 0.0)
    return float(max(gaps))
