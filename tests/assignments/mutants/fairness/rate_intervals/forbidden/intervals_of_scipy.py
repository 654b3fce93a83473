# scipy has Wilson's interval, and quantiles
import math

from scipy import stats


def wilson(successes, trials, z=1.96):
    low, high = np.zeros(np.shape(trials)), np.ones(np.shape(trials))
    for place in np.ndindex(np.shape(trials)):
        if trials[place]:
            test = stats.binomtest(int(successes[place]), int(trials[place]))
            low[place], high[place] = test.proportion_ci(math.erf(z / math.sqrt(2)), method="wilson")
    return low, high


def gaps_of(labels, decisions, group, draws):
    gaps = []
    for draw in draws:
        y, d, g = labels[draw], decisions[draw], group[draw]
        first, second = d[(y == 1) & (g == 0)], d[(y == 1) & (g == 1)]
        if len(first) and len(second):
            gaps.append(first.mean() - second.mean())
    return np.array(gaps)


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    found = gaps_of(labels, decisions, group, draws)
    return tuple(float(stats.scoreatpercentile(found, 50 * (1 + sign * level))) for sign in (-1, 1))
