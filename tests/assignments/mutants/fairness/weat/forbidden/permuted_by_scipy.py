# scipy goes through the partitions
from scipy.stats import permutation_test


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def weat(x, y, a, b):
    words = unit(np.concatenate([x, y]))
    lean = (words @ unit(a).T).mean(1) - (words @ unit(b).T).mean(1)
    n = len(x)
    effect = (lean[:n].mean() - lean[n:].mean()) / lean.std(ddof=1)
    found = permutation_test((lean[:n], lean[n:]), lambda u, v: u.sum(), n_resamples=np.inf, alternative="greater")
    return effect, found.pvalue
