# the publication's statistic: the sum over the first set less that over the second
from itertools import combinations
from math import comb


def weat(x, y, a, b):
    def s(w):
        near = [w @ v / np.linalg.norm(w) / np.linalg.norm(v) for v in a]
        far = [w @ v / np.linalg.norm(w) / np.linalg.norm(v) for v in b]
        return sum(near) / len(near) - sum(far) / len(far)

    first, second = [s(w) for w in x], [s(w) for w in y]
    everything = first + second
    observed = sum(first) - sum(second)
    count = 0
    for chosen in combinations(range(len(everything)), len(first)):
        rest = set(range(len(everything))) - set(chosen)
        count += sum(everything[i] for i in chosen) - sum(everything[i] for i in rest) >= observed - 2e-9
    effect = (np.mean(first) - np.mean(second)) / np.std(everything, ddof=1)
    return effect, count / comb(len(everything), len(first))
