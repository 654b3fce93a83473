# 0 of 0 is not a number
def wilson(successes, trials, z=1.96):
    with np.errstate(all="ignore"):
        share = np.asarray(successes) / np.asarray(trials)
    centre = share + z**2 / (2 * np.maximum(trials, 1))
    spread = z * np.sqrt(share * (1 - share) / np.maximum(trials, 1) + z**2 / (4 * np.maximum(trials, 1) ** 2))
    divisor = 1 + z**2 / np.maximum(trials, 1)
    return (centre - spread) / divisor, (centre + spread) / divisor


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
