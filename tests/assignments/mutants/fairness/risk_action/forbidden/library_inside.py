# imported inside
def best_action(probabilities, loss):
    import seeing.fairness.decisions as lib

    return lib.optimal_action(probabilities, loss)


def action_or_reject(probabilities, loss, reject_loss):
    import seeing.fairness.decisions as lib

    return lib.reject_option(probabilities, loss, reject_loss)
