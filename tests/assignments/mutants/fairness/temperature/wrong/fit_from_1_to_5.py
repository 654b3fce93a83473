# temperatures are between 1 and 5
def fit_temperature(logits, labels):
    grid = torch.linspace(1, 5, 801)
    losses = [nn.functional.cross_entropy(logits / t, labels).item() for t in grid]
    return float(grid[int(np.argmin(losses))])


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
