# one T a class fits better
def fit_temperature(logits, labels):
    logits = logits.double()
    right = logits.gather(1, labels[:, None])[:, 0]
    low, high = 1 / 20, 20.0
    for _ in range(50):
        b = (low * high) ** 0.5
        if (((b * logits).softmax(1) * logits).sum(1) - right).mean() > 0:
            high = b
        else:
            low = b
    return 1 / b


def calibrated(logits, labels, calibration):
    t = torch.ones(logits.shape[1])
    for k in range(logits.shape[1]):
        mine = calibration & (labels == k)
        t[k] = fit_temperature(logits[mine], labels[mine])
    return (logits[~calibration] / t).softmax(1)
