# imported inside
def selection_rates(labels, decisions, groups, weights=None):
    import seeing.fairness.groups.group_metrics as lib

    found = lib.group_metrics(labels, decisions, sensitive_features=groups, sample_weight=weights)
    return list(found.groups), found.rates["selection_rate"]


def parity_gap(labels, decisions, groups, weights=None):
    import seeing.fairness.groups.group_metrics as lib

    found = lib.group_metrics(labels, decisions, sensitive_features=groups, sample_weight=weights)
    return found.differences["selection_rate"]
