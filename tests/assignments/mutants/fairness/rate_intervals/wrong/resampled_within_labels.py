# the number of positives of a group is known: draw among them, as many as there are
def wilson(successes, trials, z=1.96):
    share = successes / np.maximum(trials, 1)
    centre = trials * share + z**2 / 2
    spread = z * np.sqrt(trials * share * (1 - share) + z**2 / 4)
    return (centre - spread) / (trials + z**2), (centre + spread) / (trials + z**2)


def gaps_of(labels, decisions, group, draws):
    rows = [np.flatnonzero((labels == 1) & (group == g)) for g in (0, 1)]
    gaps = []
    for draw in draws:
        first, second = (decisions[mine[draw[: len(mine)] % len(mine)]] for mine in rows)
        gaps.append(first.mean() - second.mean())
    return np.array(gaps)


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    low, high = np.quantile(gaps_of(labels, decisions, group, draws), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
