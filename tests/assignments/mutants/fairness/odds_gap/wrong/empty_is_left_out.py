# groups without such cases take no part
def odds_gap(labels, decisions, groups):
    gaps = []
    for label in (0, 1):
        rates = []
        for group in np.unique(groups):
            chosen = decisions[(groups == group) & (labels == label)]
            if len(chosen):
                rates.append(chosen.mean())
        gaps.append(max(rates) - min(rates) if rates else float("nan"))
    return float(max(gaps))
