# a gap is a distance
def wilson(successes, trials, z=1.96):
    share = successes / np.maximum(trials, 1)
    centre = trials * share + z**2 / 2
    spread = z * np.sqrt(trials * share * (1 - share) + z**2 / 4)
    return (centre - spread) / (trials + z**2), (centre + spread) / (trials + z**2)


def gaps_of(labels, decisions, group, draws):
    gaps = []
    for draw in draws:
        y, d, g = labels[draw], decisions[draw], group[draw]
        first, second = d[(y == 1) & (g == 0)], d[(y == 1) & (g == 1)]
        if len(first) and len(second):
            gaps.append(first.mean() - second.mean())
    return np.array(gaps)


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    found = np.abs(gaps_of(labels, decisions, group, draws))
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
