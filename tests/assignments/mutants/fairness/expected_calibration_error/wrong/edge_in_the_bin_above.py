# the bin is the whole part of p * bins, and the 1.0 is put back into the last one
def reliability_bins(probability, labels, bins):
    index = np.minimum((np.asarray(probability) * bins).astype(int), bins - 1)
    counts = np.bincount(index, minlength=bins)
    total = np.maximum(counts, 1)
    return counts, np.bincount(index, probability, bins) / total, np.bincount(index, labels, bins) / total


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float((counts * np.abs(confidence - accuracy)).sum() / counts.sum())
