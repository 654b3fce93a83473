# a grid over the whole range, then a finer one around the best, three times
def fit_temperature(logits, labels):
    low, high = 1 / 20, 20.0
    for _ in range(4):
        grid = np.geomspace(low, high, 60)
        losses = [
            float((torch.logsumexp(logits.double() / t, 1) - logits.double()[range(len(labels)), labels] / t).mean())
            for t in grid
        ]
        best = int(np.argmin(losses))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, 59)]
    return float(grid[best])


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    scaled = logits / t
    shifted = (scaled - scaled.max(1, keepdim=True).values).exp()
    return (shifted / shifted.sum(1, keepdim=True))[~calibration]
