# int(p * bins) is the bin; a 1.0 gets a place of its own at the end
def reliability_bins(probability, labels, bins):
    index = (np.asarray(probability) * bins).astype(int)
    counts = np.bincount(index, minlength=bins)
    total = np.maximum(counts, 1)
    confidence = np.bincount(index, probability, minlength=bins) / total
    return counts, confidence, np.bincount(index, labels, minlength=bins) / total


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float((counts * np.abs(confidence - accuracy)).sum() / counts.sum())
