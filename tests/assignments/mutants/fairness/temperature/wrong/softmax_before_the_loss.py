# cross_entropy takes probabilities
def fit_temperature(logits, labels):
    grid = torch.logspace(-1.301, 1.301, 2001)
    losses = [nn.functional.cross_entropy((logits / t).softmax(1), labels).item() for t in grid]
    return float(grid[int(np.argmin(losses))].clamp(1 / 20, 20))


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
