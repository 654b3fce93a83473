# scipy has logit and expit
from scipy.special import expit, logit


def implied_fpr(base_rate, ppv, fnr):
    return np.exp(logit(base_rate) - logit(ppv)) * (1 - fnr)


def possible(base_rate, ppv, fnr):
    return logit(base_rate) - logit(ppv) + np.log1p(-fnr) <= 1e-9


def base_rate_for(fpr, ppv, fnr):
    return expit(np.log(fpr) + logit(ppv) - np.log1p(-fnr))
