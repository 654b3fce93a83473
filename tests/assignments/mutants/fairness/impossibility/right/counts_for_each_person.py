# hits and false alarms for each person of the group
def false_alarms(base_rate, ppv, fnr):
    hits = base_rate * (1 - fnr)
    return hits / ppv - hits


def implied_fpr(base_rate, ppv, fnr):
    return false_alarms(base_rate, ppv, fnr) / (1 - base_rate)


def possible(base_rate, ppv, fnr):
    return np.logical_not(false_alarms(base_rate, ppv, fnr) > (1 - base_rate) * (1 + 1e-9))


def base_rate_for(fpr, ppv, fnr):
    # a x 1 - FNR hits and b x FPR false alarms, of a and b people, with hits / (hits + false alarms) = PPV
    a = fpr * ppv
    b = (1 - fnr) * (1 - ppv)
    return a / (a + b)
