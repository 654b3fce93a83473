# scipy solves the linear programme, the equations, and takes the means
from scipy import linalg, ndimage, optimize


def fair_point(points, negatives, positives):
    planes = np.concatenate([[[1, -1, 0]], [[-t, f, 0] for f, t in points], [[t - 1, 1 - f, t - f] for f, t in points]])
    cost = [negatives.sum(), -positives.sum()]
    return tuple(optimize.linprog(cost, A_ub=planes[:, :2], b_ub=planes[:, 2], bounds=(0, 1)).x.tolist())


def acceptance(points, target):
    return np.array([linalg.solve(np.array([[1 - f, f], [1 - t, t]]), np.array(target)) for f, t in points])


def expected_rates(labels, predictions, group, probabilities):
    index = np.arange(2 * len(probabilities))
    return np.reshape(ndimage.mean(probabilities[group, predictions], 2 * group + labels, index), (-1, 2))
