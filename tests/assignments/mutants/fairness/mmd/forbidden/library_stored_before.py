# stored before the test begins
import functools
import seeing.fairness

_kl = functools.partial(seeing.fairness.representations.gaussian_kl)
_mmd = {u: functools.partial(seeing.fairness.mmd_squared, unbiased=u) for u in (False, True)}


def gaussian_kl(mean, log_variance, prior_mean, prior_log_variance):
    return _kl(mean, log_variance, prior_mean, prior_log_variance)


def squared_mmd(x, y, bandwidth, unbiased):
    return _mmd[bool(unbiased)](x, y, bandwidth)
