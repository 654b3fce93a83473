# one bin after the other, and the ECE straight from sums of differences
def reliability_bins(probability, labels, bins):
    counts, confidence, accuracy = [], [], []
    for i in range(bins):
        mine = (probability <= (i + 1) / bins) & ((probability > i / bins) | (i == 0))
        counts.append(int(mine.sum()))
        confidence.append(float(probability[mine].mean()) if mine.any() else 0.0)
        accuracy.append(float(labels[mine].mean()) if mine.any() else 0.0)
    return np.array(counts), np.array(confidence), np.array(accuracy)


def expected_calibration_error(probability, labels, bins=15):
    error = 0.0
    for count, p, share in zip(*reliability_bins(probability, labels, bins)):
        error += count / len(probability) * abs(p - share)
    return error
