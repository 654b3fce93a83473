# a loss cannot be negative
def best_action(probabilities, loss):
    return (probabilities @ np.maximum(loss, 0).T).argmin(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = probabilities @ loss.T
    return np.where(risk.min(1) > reject_loss, -1, risk.argmin(1))
