# cdist (its gradient at 0 is 0); torch.distributions for the divergence
def gaussian_kl(mean, log_variance, prior_mean, prior_log_variance):
    normal = torch.distributions.Normal
    q, p = normal(mean, log_variance.mul(0.5).exp()), normal(prior_mean, prior_log_variance.mul(0.5).exp())
    return torch.distributions.kl_divergence(q, p).sum(1)


def squared_mmd(x, y, bandwidth, unbiased):
    means = []
    for a, b, same in ((x, x, True), (y, y, True), (x, y, False)):
        k = (-torch.cdist(a, b).square() / bandwidth**2 / 2).exp()
        pairs = ~torch.eye(len(a), len(b), dtype=bool) if unbiased and same else torch.ones_like(k, dtype=bool)
        means.append(k[pairs].mean())
    return means[0] + means[1] - 2 * means[2]
