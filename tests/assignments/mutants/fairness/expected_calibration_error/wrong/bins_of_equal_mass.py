# the same number of forecasts in each bin is more stable
def reliability_bins(probability, labels, bins):
    order = np.argsort(probability)
    counts, confidence, accuracy = np.zeros((3, bins))
    for i, mine in enumerate(np.array_split(order, bins)):
        counts[i] = len(mine)
        if len(mine):
            confidence[i], accuracy[i] = probability[mine].mean(), labels[mine].mean()
    return counts, confidence, accuracy


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float((counts * np.abs(confidence - accuracy)).sum() / counts.sum())
