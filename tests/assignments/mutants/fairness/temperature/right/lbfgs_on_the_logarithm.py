# torch's own optimiser, on log T; the limits by clamping
def fit_temperature(logits, labels):
    s = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([s], max_iter=200, tolerance_grad=1e-12, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = nn.functional.cross_entropy(logits.double() * (-s.clamp(-3.5, 3.5)).exp(), labels)
        value.backward()
        return value

    optimizer.step(loss)
    return float(s.detach().exp().clamp(1 / 20, 20))


def calibrated(logits, labels, calibration):
    t = fit_temperature(logits[calibration], labels[calibration])
    return nn.functional.softmax(logits / t, dim=1)[torch.logical_not(calibration)]
