# a sample of partitions is enough
import itertools


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def weat(x, y, a, b):
    words = unit(np.concatenate([x, y]))
    lean = (words @ unit(a).T).mean(1) - (words @ unit(b).T).mean(1)
    n = len(x)
    effect = (lean[:n].mean() - lean[n:].mean()) / lean.std(ddof=1)
    observed = lean[:n].sum()
    rng = np.random.default_rng(0)
    sums = np.array([rng.permutation(lean)[:n].sum() for _ in range(100)])
    return effect, (sums >= observed - 1e-9).mean()
