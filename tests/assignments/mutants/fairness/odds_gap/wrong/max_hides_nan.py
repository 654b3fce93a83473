# nan goes through by itself
def odds_gap(labels, decisions, groups):
    names = np.unique(groups)
    with np.errstate(invalid="ignore"):
        member = (names[:, None] == groups).astype(float)
        tpr = (member @ (labels * decisions)) / (member @ labels)
        fpr = (member @ ((1 - labels) * decisions)) / (member @ (1 - labels))
    return float(max(tpr.max() - tpr.min(), fpr.max() - fpr.min()))
