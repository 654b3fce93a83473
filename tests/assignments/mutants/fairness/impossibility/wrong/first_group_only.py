# a rate is one number
def implied_fpr(base_rate, ppv, fnr):
    p, v, m = (float(np.ravel(part)[0]) for part in (base_rate, ppv, fnr))
    return p / (1 - p) * (1 - v) / v * (1 - m)


def possible(base_rate, ppv, fnr):
    return base_rate * (1 - fnr) * (1 - ppv) <= (1 - base_rate) * ppv + 1e-12


def base_rate_for(fpr, ppv, fnr):
    odds = fpr * ppv / ((1 - ppv) * (1 - fnr))
    return odds / (1 + odds)
