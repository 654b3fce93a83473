# try every FPR from 0 to 1 in steps of 0.01
def highest(x, points):
    return min(float(np.interp(x, [0, f, 1], [0, t, 1])) for f, t in points)


def crossings(points):
    found = [0.0, 1.0]
    for f, t in points:
        for f2, t2 in points:
            divisor = t * (1 - f2) - f * (1 - t2)
            if divisor > 1e-12:
                found.append(f * (t2 - f2) / divisor)
    return found


def fair_point(points, negatives, positives):
    x = min(np.linspace(0, 1, 101), key=lambda x: negatives.sum() * x - positives.sum() * highest(x, points))
    return float(x), highest(x, points)


def acceptance(points, target):
    rows = []
    for f, t in points:
        rows.append(np.linalg.solve(np.array([[1 - f, f], [1 - t, t]]), np.array(target)))
    return np.array(rows)


def expected_rates(labels, predictions, group, probabilities):
    yes = probabilities[group, predictions]
    rates = np.zeros((len(probabilities), 2))
    for g in range(len(probabilities)):
        for y in (0, 1):
            rates[g, y] = yes[(group == g) & (labels == y)].mean()
    return rates
