# stored before the test begins
import functools
import seeing.fairness.groups.impossibility as lib

_formula = functools.partial(lib.implied_false_positive_rate)


def implied_fpr(base_rate, ppv, fnr):
    return _formula(base_rate, ppv, fnr)


def possible(base_rate, ppv, fnr):
    return _formula(base_rate, ppv, fnr) <= 1 + 1e-6


def base_rate_for(fpr, ppv, fnr):
    odds = fpr / _formula(np.full(np.shape(fpr), 0.5), ppv, fnr)
    return odds / (1 + odds)
