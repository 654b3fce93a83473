# false positives over false and true positives
def odds_gap(labels, decisions, groups):
    gaps = []
    names = np.unique(groups)
    for group in names:
        mine = groups == group
        if not (labels[mine] == 0).any() or not (labels[mine] == 1).any():
            return float("nan")
    tpr = [decisions[(groups == group) & (labels == 1)].mean() for group in names]
    fpr = [1 - labels[(groups == group) & (decisions == 1)].mean() for group in names]
    return float(max(max(tpr) - min(tpr), max(fpr) - min(fpr)))
