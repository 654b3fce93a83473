# eigenvectors of the differences' second moments; a projector takes the direction out
def bias_direction(pairs):
    d = pairs[:, 0] - pairs[:, 1]
    values, vectors = np.linalg.eigh(d.T @ d)
    g = vectors[:, np.argmax(values)]
    return g if (d @ g).sum() > 0 else -g


def _projector(direction):
    return np.eye(len(direction)) - np.outer(direction, direction) / (direction @ direction)


def neutralise(words, direction):
    rest = words @ _projector(direction)
    return rest / np.sqrt(np.einsum("ij,ij->i", rest, rest))[:, None]


def equalise(pairs, direction):
    nu = (pairs.sum(1) / 2) @ _projector(direction)
    g = direction / np.sqrt(direction @ direction)
    plus = nu + np.sqrt(1 - np.square(nu).sum(1, keepdims=True)) * g
    minus = 2 * nu - plus
    first = ((pairs[:, 0] - pairs[:, 1]) @ direction > 0)[:, None]
    return np.stack([np.where(first, plus, minus), np.where(first, minus, plus)], 1)
