# each group beside the rate of all
def odds_gap(labels, decisions, groups):
    gaps = []
    for label in (0, 1):
        rates = []
        for group in np.unique(groups):
            chosen = decisions[(groups == group) & (labels == label)]
            if not len(chosen):
                return float("nan")
            rates.append(chosen.mean())
        overall = decisions[labels == label].mean()
        gaps.append(max(abs(rate - overall) for rate in rates))
    return float(max(gaps))
