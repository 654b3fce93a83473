# the library's functions under other names
from seeing.fairness import gaussian_kl as library_kl, mmd_squared


def gaussian_kl(mean, log_variance, prior_mean, prior_log_variance):
    return library_kl(mean, log_variance, prior_mean, prior_log_variance)


def squared_mmd(x, y, bandwidth, unbiased):
    return mmd_squared(x, y, bandwidth, unbiased=unbiased)
