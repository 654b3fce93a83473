# the roots of (s - n q)^2 = z^2 n q (1 - q); how often each row was drawn
def wilson(successes, trials, z=1.96):
    low, high = np.zeros(np.shape(trials)), np.ones(np.shape(trials))
    for place in np.ndindex(np.shape(trials)):
        s, n = int(successes[place]), int(trials[place])
        if n > 0:
            ends = np.sort(np.roots([n * n + z * z * n, -2 * s * n - z * z * n, s * s]).real)
            low[place], high[place] = max(ends[0], 0), min(ends[1], 1)
    return low, high


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    often = np.stack([np.bincount(draw, minlength=len(labels)) for draw in draws])  # (B, N)
    with np.errstate(invalid="ignore"):
        one, two = ((often @ (labels * decisions * (group == g))) / (often @ (labels * (group == g))) for g in (0, 1))
    tail = 100 * (1 - level) / 2
    return tuple(np.nanpercentile(one - two, [tail, 100 - tail]).tolist())
