# the library's fit
from seeing.calibration import fit_temperature as library_fit


def fit_temperature(logits, labels):
    return min(max(library_fit(logits, labels).temperature, 1 / 20), 20.0)


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
