# calibrated is: mean confidence = accuracy; find the T that does it
def fit_temperature(logits, labels):
    accuracy = (logits.argmax(1) == labels).double().mean()
    low, high = 1 / 20, 20.0
    for _ in range(50):
        t = (low * high) ** 0.5
        if (logits.double() / t).softmax(1).max(1).values.mean() > accuracy:
            low = t
        else:
            high = t
    return t


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
