# decisions first, then labels, as in another library
def odds_gap(labels, decisions, groups):
    gaps = []
    for label in (0, 1):
        rates = []
        for group in np.unique(groups):
            chosen = labels[(groups == group) & (decisions == label)]
            if not len(chosen):
                return float("nan")
            rates.append(chosen.mean())
        gaps.append(max(rates) - min(rates))
    return float(max(gaps))
