# importlib, a name that is put together
def fit_temperature(logits, labels):
    from importlib import import_module

    metrics = import_module(".".join(["seeing"[:6], "metrics"]))
    return min(max(metrics.fit_temperature(logits, labels).temperature, 1 / 20), 20.0)


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
