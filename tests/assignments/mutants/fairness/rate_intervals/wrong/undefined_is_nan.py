# the mean of the rows
def wilson(successes, trials, z=1.96):
    share = successes / np.maximum(trials, 1)
    centre = trials * share + z**2 / 2
    spread = z * np.sqrt(trials * share * (1 - share) + z**2 / 4)
    return (centre - spread) / (trials + z**2), (centre + spread) / (trials + z**2)


def gaps_of(labels, decisions, group, draws):
    gaps = []
    for draw in draws:
        y, d, g = labels[draw], decisions[draw], group[draw]
        with np.errstate(all="ignore"):
            rates = [np.sum(d[(y == 1) & (g == k)]) / np.sum((y == 1) & (g == k)) for k in (0, 1)]
        gaps.append(rates[0] - rates[1])
    return np.array(gaps)


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    low, high = np.quantile(gaps_of(labels, decisions, group, draws), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
