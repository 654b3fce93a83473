# each group has its interval: the low end of one less the high end of the other
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
    rates = [[], []]
    for draw in draws:
        for g in (0, 1):
            mine = draw[(labels[draw] == 1) & (group[draw] == g)]
            if len(mine):
                rates[g].append(decisions[mine].mean())
    ends = [np.quantile(part, [(1 - level) / 2, (1 + level) / 2]) for part in rates]
    return float(ends[0][0] - ends[1][1]), float(ends[0][1] - ends[1][0])
