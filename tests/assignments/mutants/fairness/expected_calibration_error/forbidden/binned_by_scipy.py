# scipy sums in bins
def reliability_bins(probability, labels, bins):
    from scipy.stats import binned_statistic

    p = np.nextafter(probability, -1).clip(0)
    counts = binned_statistic(p, p, "count", bins, (0, 1)).statistic
    sums = [binned_statistic(p, values, "sum", bins, (0, 1)).statistic for values in (probability, labels)]
    return counts, sums[0] / np.maximum(counts, 1), sums[1] / np.maximum(counts, 1)


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float((counts * np.abs(confidence - accuracy)).sum() / counts.sum())
