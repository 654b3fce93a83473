# both ends by halving; gaps sorted by hand, from plain lists
def wilson(successes, trials, z=1.96):
    s, n = np.asarray(successes, float), np.asarray(trials, float)
    share = np.where(n > 0, s / np.maximum(n, 1), 0.5)

    def end(outside):
        near, far = share.copy(), np.full(share.shape, outside)
        for _ in range(60):
            q = (near + far) / 2
            inside = n * (share - q) ** 2 <= z**2 * q * (1 - q)
            near, far = np.where(inside, q, near), np.where(inside, far, q)
        return near

    return np.where(s == 0, 0.0, end(0.0)), np.where(s == n, 1.0, end(1.0))


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    people = list(zip(group.tolist(), labels.tolist(), decisions.tolist()))
    gaps = []
    for draw in draws.tolist():
        drawn = [people[row] for row in draw]
        yes = [drawn.count((g, 1, 1)) for g in (0, 1)]
        no = [drawn.count((g, 1, 0)) for g in (0, 1)]
        if min(yes[0] + no[0], yes[1] + no[1]) > 0:
            gaps.append(yes[0] / (yes[0] + no[0]) - yes[1] / (yes[1] + no[1]))
    gaps.sort()

    def quantile(share):
        place = share * (len(gaps) - 1)
        whole = int(place)
        after = gaps[min(whole + 1, len(gaps) - 1)]
        return gaps[whole] + (place - whole) * (after - gaps[whole])

    return quantile((1 - level) / 2), quantile((1 + level) / 2)
