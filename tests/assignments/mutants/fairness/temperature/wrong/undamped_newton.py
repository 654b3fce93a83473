# Newton's method in 1 / T, from 1
def fit_temperature(logits, labels):
    z = logits.double()
    right = z.gather(1, labels[:, None])[:, 0]
    b = 1.0
    for _ in range(100):
        p = (b * z).softmax(1)
        mean = (p * z).sum(1)
        slope, curvature = (mean - right).mean(), (p * (z - mean[:, None]) ** 2).sum(1).mean()
        b = float(b - slope / (curvature + 1e-300))
    return min(max(1 / b, 1 / 20), 20.0) if b else 20.0


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
