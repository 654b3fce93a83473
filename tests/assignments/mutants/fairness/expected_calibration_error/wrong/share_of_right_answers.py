# accuracy means right answers: p >= 0.5 says 1
def reliability_bins(probability, labels, bins):
    index = np.searchsorted(np.arange(1, bins) / bins, probability)
    right = (np.asarray(probability) >= 0.5) == (labels == 1)
    counts = np.bincount(index, minlength=bins)
    total = np.maximum(counts, 1)
    return counts, np.bincount(index, probability, bins) / total, np.bincount(index, right, bins) / total


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float((counts * np.abs(confidence - accuracy)).sum() / counts.sum())
