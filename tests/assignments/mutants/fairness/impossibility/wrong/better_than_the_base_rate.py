# a decision is possible if its PPV is at least that of a coin, p
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr)


def possible(base_rate, ppv, fnr):
    return ppv >= base_rate - 1e-9


def base_rate_for(fpr, ppv, fnr):
    odds = fpr * ppv / ((1 - ppv) * (1 - fnr))
    return odds / (1 + odds)
