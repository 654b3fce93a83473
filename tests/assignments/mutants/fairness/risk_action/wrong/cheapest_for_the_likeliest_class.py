# decide on the class first, then take the action that is best for it
def best_action(probabilities, loss):
    return loss[:, probabilities.argmax(1)].argmin(0)


def action_or_reject(probabilities, loss, reject_loss):
    risk = loss[:, probabilities.argmax(1)]
    return np.where(risk.min(0) > reject_loss, -1, risk.argmin(0))
