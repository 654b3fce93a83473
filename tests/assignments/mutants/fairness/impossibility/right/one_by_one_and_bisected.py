# number by number; the base rate by halving
def fpr_of(p, ppv, fnr):
    return p * (1 - ppv) * (1 - fnr) / ((1 - p) * ppv)


def implied_fpr(base_rate, ppv, fnr):
    return np.vectorize(fpr_of, otypes=[float])(base_rate, ppv, fnr)


def possible(base_rate, ppv, fnr):
    smallest = base_rate * (1 - fnr) / (base_rate * (1 - fnr) + 1 - base_rate)  # the PPV if all with label 0 get a yes
    return ppv >= smallest - 1e-9 * ppv * (1 - ppv)


def base_rate_for(fpr, ppv, fnr):
    low, high = np.zeros(np.shape(fpr)), np.ones(np.shape(fpr))
    for _ in range(60):
        middle = (low + high) / 2
        over = middle * (1 - ppv) * (1 - fnr) > fpr * (1 - middle) * ppv
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return (low + high) / 2
