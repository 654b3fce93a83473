# a hundred steps of gradient descent from T = 1 are enough
def fit_temperature(logits, labels):
    t = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([t], lr=0.01)
    for _ in range(100):
        optimizer.zero_grad()
        nn.functional.cross_entropy(logits / t, labels).backward()
        optimizer.step()
    return min(max(t.item(), 1 / 20), 20.0)


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return (logits[~calibration] / t).softmax(1)
