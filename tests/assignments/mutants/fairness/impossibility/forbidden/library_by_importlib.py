# importlib, the name in halves
import importlib


def formula(*rates):
    return importlib.import_module("see" + "ing.fairness.impossibility").implied_false_positive_rate(*rates)


def implied_fpr(base_rate, ppv, fnr):
    return formula(base_rate, ppv, fnr)


def possible(base_rate, ppv, fnr):
    return formula(base_rate, ppv, fnr) <= 1 + 1e-6


def base_rate_for(fpr, ppv, fnr):
    odds = fpr / formula(np.full(np.shape(fpr), 0.5), ppv, fnr)
    return odds / (1 + odds)
