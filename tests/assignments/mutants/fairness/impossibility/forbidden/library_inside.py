# imported inside
def implied_fpr(base_rate, ppv, fnr):
    import seeing.fairness as lib

    return lib.implied_false_positive_rate(base_rate, ppv, fnr)


def possible(base_rate, ppv, fnr):
    import seeing.fairness as lib

    return lib.implied_false_positive_rate(base_rate, ppv, fnr) <= 1 + 1e-6


def base_rate_for(fpr, ppv, fnr):
    import seeing.fairness as lib

    odds = fpr / lib.implied_false_positive_rate(np.full(np.shape(fpr), 0.5), ppv, fnr)
    return odds / (1 + odds)
