# the two rates of a group should be equal
def odds_gap(labels, decisions, groups):
    gaps = []
    for group in np.unique(groups):
        mine = groups == group
        if not (labels[mine] == 0).any() or not (labels[mine] == 1).any():
            return float("nan")
        gaps.append(abs(decisions[mine & (labels == 1)].mean() - decisions[mine & (labels == 0)].mean()))
    return float(max(gaps))
