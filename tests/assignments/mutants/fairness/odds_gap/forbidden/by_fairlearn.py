# fairlearn has it
def odds_gap(labels, decisions, groups):
    from fairlearn.metrics import equalized_odds_difference

    for group in np.unique(groups):
        if len(np.unique(labels[groups == group])) < 2:
            return float("nan")
    return equalized_odds_difference(labels, decisions, sensitive_features=groups)
