# imported inside
def odds_gap(labels, decisions, groups):
    import seeing.fairness.groups.group_metrics as lib

    found = lib.group_metrics(labels, decisions, sensitive_features=groups)
    return float(found.odds["equalized_odds_difference"])
