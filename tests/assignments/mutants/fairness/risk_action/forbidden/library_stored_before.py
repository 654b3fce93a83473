# stored before the test begins
import functools
import seeing.fairness.decisions

_best = functools.partial(seeing.fairness.decisions.optimal_action)
_reject = functools.partial(seeing.fairness.decisions.reject_option)


def best_action(probabilities, loss):
    return _best(probabilities, loss)


def action_or_reject(probabilities, loss, reject_loss):
    return _reject(probabilities, loss, reject_loss)
