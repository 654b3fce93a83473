# Build it from ones and look which pixels have a gradient.
def receptive_field(layers):
    total = sum(d * (k - 1) + 1 for _, k, s, d in layers)
    steps = 1
    for _, k, s, d in layers:
        steps *= s
    image = torch.ones(1, 1, (total + 2) * steps + 4, dtype=torch.float64, requires_grad=True)
    y = image
    for _, k, s, d in layers:
        y = F.conv1d(y, torch.ones(1, 1, k, dtype=torch.float64) / k, stride=s, dilation=d)
    first = torch.autograd.grad(y[0, 0, 0], image, retain_graph=True)[0][0, 0].nonzero()
    second = torch.autograd.grad(y[0, 0, 1], image)[0][0, 0].nonzero()
    return int(first.max() - first.min()) + 1, int(second.min() - first.min())
