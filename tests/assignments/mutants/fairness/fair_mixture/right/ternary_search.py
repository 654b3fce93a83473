# the errors are convex in the FPR: a ternary search, and the weights of the three rules
def top(x, points):
    heights = []
    for f, t in points:
        heights.append(x * t / f if x < f else t + (x - f) * (1 - t) / (1 - f))
    return min(heights)


def fair_point(points, negatives, positives):
    n, p = int(sum(negatives)), int(sum(positives))
    low, high = 0.0, 1.0
    while high - low > 1e-12:
        one, two = (2 * low + high) / 3, (low + 2 * high) / 3
        if n * one - p * top(one, points) <= n * two - p * top(two, points):
            high = two
        else:
            low = one
    return low, top(low, points)


def acceptance(points, target):
    own = (target[1] - target[0]) / (points[:, 1] - points[:, 0])
    always = target[0] - own * points[:, 0]
    return np.column_stack([always, always + own])


def expected_rates(labels, predictions, group, probabilities):
    cell = 2 * group + labels
    size = 2 * len(probabilities)
    yes = np.bincount(cell, weights=probabilities[group, predictions], minlength=size)
    return (yes / np.bincount(cell, minlength=size)).reshape(-1, 2)
