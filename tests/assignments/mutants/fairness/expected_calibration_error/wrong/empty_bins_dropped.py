# bins without forecasts say nothing, so they are not returned
def reliability_bins(probability, labels, bins):
    index = np.searchsorted(np.arange(1, bins) / bins, probability)
    found = np.unique(index)
    counts = np.array([(index == i).sum() for i in found])
    confidence = np.array([probability[index == i].mean() for i in found])
    return counts, confidence, np.array([labels[index == i].mean() for i in found])


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float((counts * np.abs(confidence - accuracy)).sum() / counts.sum())
