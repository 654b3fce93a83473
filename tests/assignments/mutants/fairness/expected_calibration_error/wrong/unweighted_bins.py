# the mean of the gaps over the bins that hold something
def reliability_bins(probability, labels, bins):
    index = np.searchsorted(np.arange(1, bins) / bins, probability)
    counts = np.bincount(index, minlength=bins)
    total = np.maximum(counts, 1)
    return counts, np.bincount(index, probability, bins) / total, np.bincount(index, labels, bins) / total


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float(np.abs(confidence - accuracy)[counts > 0].mean())
