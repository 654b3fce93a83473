# the root of the slope, by a solver that is imported inside
def fit_temperature(logits, labels):
    import scipy.optimize as solvers

    z = logits.double()
    right = z.gather(1, labels[:, None])[:, 0]

    def slope(b):
        return float((((b * z).softmax(1) * z).sum(1) - right).mean())

    if slope(1 / 20) >= 0:
        return 20.0
    if slope(20.0) <= 0:
        return 1 / 20
    return 1 / solvers.brentq(slope, 1 / 20, 20.0)


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
