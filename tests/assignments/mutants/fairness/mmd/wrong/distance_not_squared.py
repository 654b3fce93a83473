# the kernel falls with the distance
def gaussian_kl(mean, log_variance, prior_mean, prior_log_variance):
    log_ratio = log_variance - prior_log_variance
    distance = (mean - prior_mean) ** 2 / prior_log_variance.exp()
    return 0.5 * (log_ratio.exp() + distance - 1 - log_ratio).sum(1)


def squared_mmd(x, y, bandwidth, unbiased):
    def kernel(a, b):
        return torch.exp(-((a[:, None] - b[None]) ** 2).sum(2).sqrt() / (2 * bandwidth**2))

    xx, yy, xy = kernel(x, x), kernel(y, y), kernel(x, y)
    n, m = len(x), len(y)
    if unbiased:
        within = (xx.sum() - xx.diagonal().sum()) / (n * (n - 1)) + (yy.sum() - yy.diagonal().sum()) / (m * (m - 1))
    else:
        within = xx.mean() + yy.mean()
    return within - 2 * xy.mean()
