# equal words have no bias left
def bias_direction(pairs):
    centred = pairs - pairs.mean(1, keepdims=True)
    direction = np.linalg.svd(centred.reshape(-1, pairs.shape[2]), full_matrices=False)[2][0]
    return direction * np.sign((pairs[:, 0] - pairs[:, 1]).sum(0) @ direction)


def neutralise(words, direction):
    g = direction / np.linalg.norm(direction)
    rest = words - (words @ g)[:, None] * g
    return rest / np.linalg.norm(rest, axis=1, keepdims=True)


def equalise(pairs, direction):
    g = direction / np.linalg.norm(direction)
    mean = pairs.mean(1)
    common = mean - (mean @ g)[:, None] * g
    height = np.sqrt(1 - (common**2).sum(1))[:, None]
    side = np.sign(pairs @ g - (mean @ g)[:, None])
    both = np.stack([common, common], 1)
    return both / np.linalg.norm(both, axis=2, keepdims=True)
