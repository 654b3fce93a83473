# stored before the test begins
import functools
import seeing.metrics

_fit = functools.partial(seeing.calibration.fit_temperature, sample_weight=None)


def fit_temperature(logits, labels):
    return min(max(_fit(logits, labels).temperature, 1 / 20), 20.0)


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
