# the last factor is the false negative rate
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv) / ppv * fnr


def possible(base_rate, ppv, fnr):
    return base_rate * (1 - fnr) * (1 - ppv) <= (1 - base_rate) * ppv + 1e-12


def base_rate_for(fpr, ppv, fnr):
    odds = fpr * ppv / ((1 - ppv) * (1 - fnr))
    return odds / (1 + odds)
