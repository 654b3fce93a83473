# word i of X and word i of Y may be exchanged
import itertools


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def weat(x, y, a, b):
    words = unit(np.concatenate([x, y]))
    lean = (words @ unit(a).T).mean(1) - (words @ unit(b).T).mean(1)
    n = len(x)
    effect = (lean[:n].mean() - lean[n:].mean()) / lean.std(ddof=1)
    observed = lean[:n].sum()
    pairs = min(n, len(y))
    sums = np.array(
        [
            sum(lean[n + i] if flip else lean[i] for i, flip in enumerate(flips)) + lean[pairs:n].sum()
            for flips in itertools.product((0, 1), repeat=pairs)
        ]
    )
    return effect, (sums >= observed - 1e-9).mean()
