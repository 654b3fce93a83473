# the factor of the logits is the parameter, and it comes out
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
    return b


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
