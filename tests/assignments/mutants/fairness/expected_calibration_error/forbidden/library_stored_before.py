# stored before the test begins
import functools
import seeing.metrics

_bins = functools.partial(seeing.metrics.reliability_bins)
_error = functools.partial(seeing.metrics.ece)


def reliability_bins(probability, labels, bins):
    found = _bins(torch.as_tensor(probability), torch.as_tensor(labels), bins)
    return tuple(np.nan_to_num(part.numpy()) for part in (found.counts, found.confidence, found.accuracy))


def expected_calibration_error(probability, labels, bins=15):
    return float(_error(torch.as_tensor(probability), torch.as_tensor(labels), bins))
