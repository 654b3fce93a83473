# the library has the formula
from seeing.fairness import implied_false_positive_rate as formula


def implied_fpr(base_rate, ppv, fnr):
    return formula(base_rate, ppv, fnr)


def possible(base_rate, ppv, fnr):
    return formula(base_rate, ppv, fnr) <= 1 + 1e-6


def base_rate_for(fpr, ppv, fnr):
    odds = fpr / formula(np.full(np.shape(fpr), 0.5), ppv, fnr)
    return odds / (1 + odds)
