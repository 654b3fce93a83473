# importlib, the name in halves
import importlib


def gaussian_kl(mean, log_variance, prior_mean, prior_log_variance):
    lib = importlib.import_module("see" + "ing.fairness")
    return lib.gaussian_kl(mean, log_variance, prior_mean, prior_log_variance)


def squared_mmd(x, y, bandwidth, unbiased):
    lib = importlib.import_module("see" + "ing.fairness")
    return lib.mmd_squared(x, y, bandwidth, unbiased=unbiased)
