# sums of log odds
def logit(p):
    return torch.logit(torch.as_tensor(p).double())


def implied_fpr(base_rate, ppv, fnr):
    return torch.exp(logit(base_rate) - logit(ppv) + torch.log1p(-torch.as_tensor(fnr).double()))


def possible(base_rate, ppv, fnr):
    return implied_fpr(base_rate, ppv, fnr) <= 1 + 1e-6


def base_rate_for(fpr, ppv, fnr):
    return torch.sigmoid(torch.as_tensor(fpr).log() + logit(ppv) - torch.log1p(-torch.as_tensor(fnr).double()))
