# T is for the test rows, so it is fitted on them
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
    test = ~calibration
    return (logits[test] / fit_temperature(logits[test], labels[test])).softmax(1)
