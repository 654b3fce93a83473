# the library's functions under other names
from seeing.fairness.decisions import optimal_action, reject_option


def best_action(probabilities, loss):
    return optimal_action(probabilities, loss)


def action_or_reject(probabilities, loss, reject_loss):
    return reject_option(probabilities, loss, reject_loss)
