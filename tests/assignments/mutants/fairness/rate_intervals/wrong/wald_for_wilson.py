# share plus and minus z standard errors
def wilson(successes, trials, z=1.96):
    share = successes / np.maximum(trials, 1)
    spread = z * np.sqrt(share * (1 - share) / np.maximum(trials, 1))
    none = trials == 0
    return np.where(none, 0.0, np.clip(share - spread, 0, 1)), np.where(none, 1.0, np.clip(share + spread, 0, 1))


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
