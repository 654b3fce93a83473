# torch from end to end
def wilson(successes, trials, z=1.96):
    s, n = torch.as_tensor(successes).double(), torch.as_tensor(trials).double()
    q = torch.where(n > 0, s / n, 0.5)
    shrink = n / (n + z * z)
    centre = shrink * q + (1 - shrink) / 2
    spread = (shrink * (1 - shrink) * q * (1 - q) + (1 - shrink) ** 2 / 4).sqrt()
    return (centre - spread).clamp(0, 1), (centre + spread).clamp(0, 1)


def bootstrap_gap(labels, decisions, group, draws, level=0.95):
    y, d, g, rows = (torch.as_tensor(part).long() for part in (labels, decisions, group, draws))
    cell = torch.where(y == 1, 2 * g + d, 4)[rows]
    counts = nn.functional.one_hot(cell, 5).sum(1)[:, :4].view(-1, 2, 2).double()
    counts = counts[(counts.sum(2) > 0).all(1)]
    rate = counts[:, :, 1] / counts.sum(2)
    gap = rate[:, 0] - rate[:, 1]
    ends = torch.quantile(gap, torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=gap.dtype))
    return ends[0].item(), ends[1].item()
