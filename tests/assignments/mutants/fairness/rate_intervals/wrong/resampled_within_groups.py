# each group keeps its size: draw among its own rows
def wilson(successes, trials, z=1.96):
    share = successes / np.maximum(trials, 1)
    centre = trials * share + z**2 / 2
    spread = z * np.sqrt(trials * share * (1 - share) + z**2 / 4)
    return (centre - spread) / (trials + z**2), (centre + spread) / (trials + z**2)


def gaps_of(labels, decisions, group, draws):
    gaps = []
    for draw in draws:
        rates = []
        for g in (0, 1):
            mine = np.flatnonzero(group == g)
            rows = mine[draw[: len(mine)] % len(mine)]
            rates.append(decisions[rows[labels[rows] == 1]])
        if len(rates[0]) and len(rates[1]):
            gaps.append(rates[0].mean() - rates[1].mean())
    return np.array(gaps)


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    low, high = np.quantile(gaps_of(labels, decisions, group, draws), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
