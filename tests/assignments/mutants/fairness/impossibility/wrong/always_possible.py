# all three are rates, so there is such a decision
def implied_fpr(base_rate, ppv, fnr):
    return base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr)


def possible(base_rate, ppv, fnr):
    return (0 <= base_rate) & (ppv <= 1) & (fnr <= 1)


def base_rate_for(fpr, ppv, fnr):
    odds = fpr * ppv / ((1 - ppv) * (1 - fnr))
    return odds / (1 + odds)
