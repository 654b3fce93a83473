# sort once, cut the sorted forecasts at the edges, sum the pieces; the error needs no means at all
def _pieces(probability, labels, bins):
    order = np.argsort(probability, kind="stable")
    p, y = probability[order], labels[order]
    cuts = [np.count_nonzero(p <= (i + 1) / bins) for i in range(bins - 1)]
    return np.split(p, cuts), np.split(y, cuts)


def reliability_bins(probability, labels, bins):
    ps, ys = _pieces(probability, labels, bins)
    counts = np.array([p.size for p in ps])
    means = [[piece.sum() / max(piece.size, 1) for piece in pieces] for pieces in (ps, ys)]
    return counts, np.array(means[0]), np.array(means[1])


def expected_calibration_error(probability, labels, bins=15):
    ps, ys = _pieces(probability, labels, bins)
    return sum(abs(p.sum() - y.sum()) for p, y in zip(ps, ys)) / len(probability)
