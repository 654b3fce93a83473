# one pooled kernel, weighted; the divergence from standard deviations
def gaussian_kl(mean, log_variance, prior_mean, prior_log_variance):
    s, t = torch.exp(log_variance / 2), torch.exp(prior_log_variance / 2)
    return (torch.log(t / s) + (s**2 + (mean - prior_mean) ** 2) / (2 * t**2) - 0.5).sum(-1)


def squared_mmd(x, y, bandwidth, unbiased):
    z = torch.cat([x, y])
    n, m = len(x), len(y)
    k = torch.exp(-((z.unsqueeze(0) - z.unsqueeze(1)) / bandwidth).pow(2).sum(-1) / 2)
    if not unbiased:
        weights = torch.cat([x.new_full((n,), 1 / n), x.new_full((m,), -1 / m)])
        return weights @ k @ weights
    k = k - torch.eye(n + m, dtype=k.dtype)
    return k[:n, :n].sum() / (n * n - n) + k[n:, n:].sum() / (m * m - m) - 2 * k[:n, n:].mean()
