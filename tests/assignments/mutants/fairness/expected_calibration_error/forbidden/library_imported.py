# the library's functions
from seeing.metrics import ece, reliability_bins as library_bins


def reliability_bins(probability, labels, bins):
    found = library_bins(torch.as_tensor(probability), torch.as_tensor(labels), bins)
    return tuple(np.nan_to_num(part.numpy()) for part in (found.counts, found.confidence, found.accuracy))


def expected_calibration_error(probability, labels, bins=15):
    return float(ece(torch.as_tensor(probability), torch.as_tensor(labels), bins))
