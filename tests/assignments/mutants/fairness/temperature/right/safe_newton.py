# Newton in 1 / T, kept inside a bracket that shrinks
def fit_temperature(logits, labels):
    z = (logits - logits.amax(1, keepdim=True)).double().numpy()
    right = z[np.arange(len(z)), labels.numpy()]
    low, high, b = 0.05, 20.0, 1.0
    for _ in range(200):
        p = np.exp(b * z)
        p /= p.sum(1, keepdims=True)
        mean = (p * z).sum(1)
        slope, curvature = (mean - right).mean(), (p * (z - mean[:, None]) ** 2).sum(1).mean()
        low, high = (low, b) if slope > 0 else (b, high)
        step = b - slope / curvature if curvature > 0 else -1
        b = step if low < step < high else (low * high) ** 0.5
    return 1 / b


def calibrated(logits, labels, calibration):
    fit, test = calibration.nonzero()[:, 0], (~calibration).nonzero()[:, 0]
    p = torch.log_softmax(logits[test] / fit_temperature(logits[fit], labels[fit]), 1)
    return p.exp()
