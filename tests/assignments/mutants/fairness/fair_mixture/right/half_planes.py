# a linear programme by hand: all corners of the half-planes; Cramer's rule
def fair_point(points, negatives, positives):
    # a x + b y <= c: under both upper edges of each triangle, and above the diagonal
    planes = [(1.0, -1.0, 0.0)]
    for f, t in points:
        planes += [(-t, f, 0.0), (t - 1, 1 - f, t - f)]
    best = (np.inf, 0.0, 0.0)
    corners = [(0.0, 0.0), (1.0, 1.0)]
    for i, (a, b, c) in enumerate(planes):
        for d, e, h in planes[:i]:
            det = a * e - b * d
            if abs(det) > 1e-10:
                corners.append(((c * e - b * h) / det, (a * h - c * d) / det))
    for x, y in corners:
        if -1e-9 <= x <= 1 + 1e-6 and all(a * x + b * y <= c + 1e-9 for a, b, c in planes):
            best = min(best, (np.sum(negatives) * x + np.sum(positives) * (1 - y), x, y))
    return best[1], best[2]


def acceptance(points, target):
    x, y = target
    f, t = points[:, 0], points[:, 1]
    determinant = (1 - f) * t - f * (1 - t)
    no = (x * t - f * y) / determinant
    yes = ((1 - f) * y - (1 - t) * x) / determinant
    return np.stack([no, yes], axis=-1)


def expected_rates(labels, predictions, group, probabilities):
    people = np.zeros((len(probabilities), 2, 2))
    np.add.at(people, (group, labels, predictions), 1)
    shares = people / people.sum(2, keepdims=True)
    return np.einsum("gyp,gp->gy", shares, probabilities)
