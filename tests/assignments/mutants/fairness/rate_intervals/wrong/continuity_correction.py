# half a success more on either side, as the counts are whole
def wilson(successes, trials, z=1.96):
    n = np.maximum(trials, 1)
    share = successes / n

    def end(s, sign):
        root = z * np.sqrt(np.maximum(s * (n - s), 0) / n + z**2 / 4)
        return (s + z**2 / 2 + sign * root) / (n + z**2)

    low = np.where(share == 0, 0.0, end(np.maximum(successes - 0.5, 0), -1))
    high = np.where(share == 1, 1.0, end(np.minimum(successes + 0.5, n), 1))
    return np.where(trials == 0, 0.0, low), np.where(trials == 0, 1.0, high)


def gaps_of(labels, decisions, group, draws):
    gaps = []
    for draw in draws:
        y, d, g = labels[draw], decisions[draw], group[draw]
        first, second = d[(y == 1) & (g == 0)], d[(y == 1) & (g == 1)]
        if len(first) and len(second):
            gaps.append(first.mean() - second.mean())
    return np.array(gaps)


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    low, high = np.quantile(gaps_of(labels, decisions, group, draws), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
