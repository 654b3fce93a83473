# the confidence of a bin is its middle
def reliability_bins(probability, labels, bins):
    index = np.searchsorted(np.arange(1, bins) / bins, probability)
    counts = np.bincount(index, minlength=bins)
    middle = (np.arange(bins) + 0.5) / bins
    return counts, middle * (counts > 0), np.bincount(index, labels, bins) / np.maximum(counts, 1)


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float((counts * np.abs(confidence - accuracy)).sum() / counts.sum())
