# FPR = 1 - PPV: the share of the yes that is wrong
def implied_fpr(base_rate, ppv, fnr):
    return 1 - ppv + 0 * base_rate * fnr


def possible(base_rate, ppv, fnr):
    return base_rate * (1 - fnr) * (1 - ppv) <= (1 - base_rate) * ppv + 1e-12


def base_rate_for(fpr, ppv, fnr):
    odds = fpr * ppv / ((1 - ppv) * (1 - fnr))
    return odds / (1 + odds)
