# scipy finds the valley
from scipy.optimize import minimize_scalar


def fit_temperature(logits, labels):
    def loss(s):
        return nn.functional.cross_entropy(logits.double() / np.exp(s), labels).item()

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(1 / 20), np.log(20)), method="bounded").x))


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
