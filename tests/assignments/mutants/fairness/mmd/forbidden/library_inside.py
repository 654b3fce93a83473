# imported inside
def gaussian_kl(mean, log_variance, prior_mean, prior_log_variance):
    import seeing.fairness as lib

    return lib.gaussian_kl(mean, log_variance, prior_mean, prior_log_variance)


def squared_mmd(x, y, bandwidth, unbiased):
    import seeing.fairness as lib

    return lib.mmd_squared(x, y, bandwidth, unbiased=unbiased)
