# a rate below 1 is a rate
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr)


def possible(base_rate, ppv, fnr):
    return implied_fpr(base_rate, ppv, fnr) < 1 - 1e-9


def base_rate_for(fpr, ppv, fnr):
    odds = fpr * ppv / ((1 - ppv) * (1 - fnr))
    return odds / (1 + odds)
