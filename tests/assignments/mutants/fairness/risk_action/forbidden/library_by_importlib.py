# importlib, the name in halves
import importlib


def best_action(probabilities, loss):
    return importlib.import_module("see" + "ing.fairness.decisions").optimal_action(probabilities, loss)


def action_or_reject(probabilities, loss, reject_loss):
    return importlib.import_module("see" + "ing.fairness.decisions").reject_option(probabilities, loss, reject_loss)
