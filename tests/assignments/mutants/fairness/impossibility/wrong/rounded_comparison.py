# 1.0000000000000002 is above 1
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr)


def possible(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * ((1 - ppv) / ppv) * (1 - fnr) <= 1


def base_rate_for(fpr, ppv, fnr):
    odds = fpr * ppv / ((1 - ppv) * (1 - fnr))
    return odds / (1 + odds)
