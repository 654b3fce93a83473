# each bin holds its lower edge: low <= p < high
def reliability_bins(probability, labels, bins):
    edges = np.linspace(0, 1, bins + 1)
    counts, confidence, accuracy = np.zeros((3, bins))
    for i in range(bins):
        mine = (edges[i] <= probability) & (probability < edges[i + 1])
        counts[i] = mine.sum()
        if mine.any():
            confidence[i], accuracy[i] = probability[mine].mean(), labels[mine].mean()
    return counts, confidence, accuracy


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = reliability_bins(probability, labels, bins)
    return float((counts * np.abs(confidence - accuracy)).sum() / counts.sum())
