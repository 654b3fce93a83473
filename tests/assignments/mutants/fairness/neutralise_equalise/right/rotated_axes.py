# turn the axes so that the direction is the first one: then it is a matter of coordinates
def _frame(direction):
    q = np.linalg.qr(np.column_stack([direction, np.eye(len(direction))]))[0]
    return q if q[:, 0] @ direction > 0 else q * np.where(np.arange(q.shape[1]) == 0, -1, 1)


def bias_direction(pairs):
    half = (pairs[:, 0] - pairs[:, 1]) / 2
    g = np.linalg.svd(np.concatenate([half, -half]).T)[0][:, 0]
    return g * np.sign(half.sum(0) @ g)


def neutralise(words, direction):
    q = _frame(direction)
    turned = words @ q
    turned[:, 0] = 0
    return turned @ q.T / np.linalg.norm(turned, axis=1)[:, None]


def equalise(pairs, direction):
    q = _frame(direction)
    turned = pairs @ q
    out = np.repeat(turned.mean(1, keepdims=True), 2, axis=1)
    height = np.sqrt(1 - (out[:, 0, 1:] ** 2).sum(1))
    out[:, 0, 0] = np.where(turned[:, 0, 0] > turned[:, 1, 0], height, -height)
    out[:, 1, 0] = -out[:, 0, 0]
    return out @ q.T
