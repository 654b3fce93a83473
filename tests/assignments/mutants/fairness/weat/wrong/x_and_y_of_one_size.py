# both sets have len(words) // 2 words
import itertools


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def weat(x, y, a, b):
    words = unit(np.concatenate([x, y]))
    lean = (words @ unit(a).T).mean(1) - (words @ unit(b).T).mean(1)
    n = len(words) // 2
    effect = (lean[:n].mean() - lean[n:].mean()) / lean.std(ddof=1)
    observed = lean[:n].sum()
    sums = np.array([lean[list(chosen)].sum() for chosen in itertools.combinations(range(len(lean)), n)])
    return effect, (sums >= observed - 1e-9).mean()
