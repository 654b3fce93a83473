# fairlearn has both
def selection_rates(labels, decisions, groups, weights=None):
    from fairlearn.metrics import MetricFrame, selection_rate

    weights = np.ones(len(labels)) if weights is None else weights
    frame = MetricFrame(
        metrics=selection_rate,
        y_true=labels,
        y_pred=decisions,
        sensitive_features=groups,
        sample_params={"sample_weight": weights},
    )
    return frame.by_group.index.to_numpy(), frame.by_group.to_numpy(dtype=float)


def parity_gap(labels, decisions, groups, weights=None):
    from fairlearn.metrics import demographic_parity_difference

    return demographic_parity_difference(labels, decisions, sensitive_features=groups, sample_weight=weights)
