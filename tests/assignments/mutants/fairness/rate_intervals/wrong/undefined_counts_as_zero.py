# nobody there, so the rate is 0
def wilson(successes, trials, z=1.96):
    share = successes / np.maximum(trials, 1)
    centre = trials * share + z**2 / 2
    spread = z * np.sqrt(trials * share * (1 - share) + z**2 / 4)
    return (centre - spread) / (trials + z**2), (centre + spread) / (trials + z**2)


def gaps_of(labels, decisions, group, draws):
    rates = []
    for g in (0, 1):
        among = ((group == g) & (labels == 1))[draws]
        rates.append((among & (decisions[draws] == 1)).sum(1) / np.maximum(among.sum(1), 1))
    return rates[0] - rates[1]


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    low, high = np.quantile(gaps_of(labels, decisions, group, draws), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
